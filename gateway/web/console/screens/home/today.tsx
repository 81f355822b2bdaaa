import { serverNow } from '../../../ui/api/clock.ts'
import { useCalendar } from '../../../ui/i18n/format.ts'
import { useLanguage } from '../../../ui/i18n/index.ts'

/** The day of today with its weekday, in the calendar of whoever reads. */
export const Today = () => {
  const locale = `${useLanguage()}-u-ca-${useCalendar()}`
  const now = new Date(serverNow())
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full' }).format(now)
  return <time dateTime={now.toISOString().slice(0, 10)}>{day}</time>
}
