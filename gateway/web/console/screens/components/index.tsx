import { session } from '../../../ui/api/session.ts'
import { Toasts } from '../../../ui/components/banner.tsx'
import { Confirmations } from '../../../ui/components/dialog.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { CALENDARS, chooseCalendar, useCalendar } from '../../../ui/i18n/format.ts'
import { chooseLanguage, LANGUAGES, useLanguage, useText } from '../../../ui/i18n/index.ts'
import { useStore } from '../../../ui/store.ts'
import { Basics } from './basics.tsx'
import { Forms } from './forms.tsx'
import { Overlays } from './overlays.tsx'
import { Tables } from './tables.tsx'
import './gallery.scss'

/**
 * Every component in each of its states, for whoever makes screens, and for the tests, which walk it. What it says
 * itself is in English alone, like the documents that it goes with.
 */
export const Components = () => {
  const isFramed = useStore(session).state === 'signed-in'
  const page = (
    <Page title="Components" lead="What screens are made of, in each of its states." actions={<Choices />}>
      <Basics />
      <Forms />
      <Tables />
      <Overlays />
    </Page>
  )
  if (isFramed) return page
  return (
    <main class="an-gallery">
      {page}
      <Toasts />
      <Confirmations />
    </main>
  )
}

const Choices = () => {
  const t = useText('ui')
  const language = useLanguage()
  const calendar = useCalendar()
  return (
    <>
      <select
        class="govuk-select an-gallery__choice"
        aria-label="Language"
        value={language}
        onChange={event => {
          const next = LANGUAGES.find(({ code }) => code === event.currentTarget.value)
          if (next) void chooseLanguage(next.code)
        }}
      >
        {LANGUAGES.map(({ code, name }) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      <select
        class="govuk-select an-gallery__choice"
        aria-label="Calendar"
        value={calendar}
        onChange={event => {
          const next = CALENDARS.find(name => name === event.currentTarget.value)
          if (next) chooseCalendar(next)
        }}
      >
        {CALENDARS.map(name => (
          <option key={name} value={name}>
            {t(`calendar.${name}`)}
          </option>
        ))}
      </select>
    </>
  )
}
