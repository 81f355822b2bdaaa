import { CALENDARS, chooseCalendar, useCalendar } from '../../ui/i18n/format.ts'
import { chooseLanguage, LANGUAGES, useLanguage, useText } from '../../ui/i18n/index.ts'

type Option = { value: string; label: string; lang?: string }
type Props = {
  name: string
  legend: string
  options: readonly Option[]
  chosen: string
  choose: (value: string) => void
}

const Choice = ({ name, legend, options, chosen, choose }: Props) => (
  <fieldset class="an-choice">
    <legend class="an-choice__legend">{legend}</legend>
    {options.map(({ value, label, lang }) => (
      <label class="an-choice__option" key={value} lang={lang}>
        <input type="radio" name={name} checked={value === chosen} onChange={() => choose(value)} />
        <span>{label}</span>
      </label>
    ))}
  </fieldset>
)

/** The language and the calendar that somebody reads in. */
export const Speech = () => {
  const t = useText('shell')
  const tUi = useText('ui')
  const language = useLanguage()
  const calendar = useCalendar()
  return (
    <div class="an-popover__body">
      <Choice
        name="language"
        legend={t('language')}
        options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
        chosen={language}
        choose={value => void chooseLanguage(LANGUAGES.find(({ code }) => code === value)!.code)}
      />
      <Choice
        name="calendar"
        legend={t('calendar')}
        options={CALENDARS.map(value => ({ value, label: tUi(`calendar.${value}`) }))}
        chosen={calendar}
        choose={value => chooseCalendar(CALENDARS.find(known => known === value)!)}
      />
    </div>
  )
}
