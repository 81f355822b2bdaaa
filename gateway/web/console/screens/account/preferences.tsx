import { useId } from 'preact/hooks'
import { serverNow } from '../../../ui/api/clock.ts'
import { Section } from '../../../ui/components/page.tsx'
import { CALENDARS, type Calendar, chooseCalendar, useCalendar } from '../../../ui/i18n/format.ts'
import { chooseLanguage, LANGUAGES, type Language, useLanguage, useText } from '../../../ui/i18n/index.ts'

/** The language and the calendar of what I read, kept in this browser. */
export const Preferences = () => {
  const t = useText('account')
  const ui = useText('ui')
  const language = useLanguage()
  const calendar = useCalendar()
  return (
    <Section title={t('preferences.title')}>
      <p class="an-note an-muted">{t('preferences.text')}</p>
      <Choices<Language>
        label={t('preferences.language')}
        value={language}
        options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
        onChoose={next => void chooseLanguage(next)}
      />
      <Choices<Calendar>
        label={t('preferences.calendar')}
        value={calendar}
        options={CALENDARS.map(value => ({
          value,
          label: ui(`calendar.${value}`),
          hint: t('preferences.today', { day: todayIn(language, value) }),
        }))}
        onChoose={chooseCalendar}
      />
    </Section>
  )
}

const todayIn = (language: Language, calendar: Calendar): string =>
  new Intl.DateTimeFormat(`${language}-u-ca-${calendar}`, { dateStyle: 'full' }).format(serverNow())

type Choice<T> = { value: T; label: string; hint?: string; lang?: string }

/** One of a few, chosen at once. */
const Choices = <T extends string>(props: {
  label: string
  value: T
  options: readonly Choice<T>[]
  onChoose: (value: T) => void
}) => {
  const id = useId()
  return (
    <div class="govuk-form-group">
      <fieldset class="govuk-fieldset">
        <legend class="govuk-fieldset__legend">{props.label}</legend>
        <div class="govuk-radios">
          {props.options.map(({ value, label, hint, lang }) => (
            <div class="govuk-radios__item" key={value}>
              <input
                type="radio"
                class="govuk-radios__input"
                id={`${id}-${value}`}
                name={id}
                checked={value === props.value}
                aria-describedby={hint === undefined ? undefined : `${id}-${value}-hint`}
                onChange={() => props.onChoose(value)}
              />
              <label class="govuk-label govuk-radios__label" for={`${id}-${value}`} lang={lang}>
                {label}
              </label>
              {hint !== undefined && (
                <div class="govuk-hint govuk-radios__hint" id={`${id}-${value}-hint`}>
                  {hint}
                </div>
              )}
            </div>
          ))}
        </div>
      </fieldset>
    </div>
  )
}
