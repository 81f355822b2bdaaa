import { Link } from 'wouter-preact'
import type { RowOf } from '../../../ui/api/list.ts'
import { Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { placeOf } from '../../shell/places.ts'
import { deedOf, kindOf, type Meanings } from './words.ts'

/** An entry of the audit trail. */
export type Entry = RowOf<'/api/v1/audit-entries'>

/** The name of a thing, which leads to its screen where it has one. `program:CASH` is shown as `CASH`. */
export const Thing = ({ type, name }: { type: string; name: string }) => {
  const short = name.startsWith(`${type}:`) ? name.slice(type.length + 1) : name
  const place = placeOf(type, short)
  return place ? (
    <Link class="govuk-link" href={place}>
      <Name>{short}</Name>
    </Link>
  ) : (
    <Name>{short}</Name>
  )
}

/** Somebody who did something: a person, an API client, or the system itself. */
export const Who = ({ actor }: { actor: Entry['actor'] }) => {
  const t = useText('deeds')
  if (actor.kind === 'user') return <Thing type="user" name={actor.name} />
  return (
    <>
      {t(actor.kind === 'client' ? 'client' : 'system')} <Thing type={actor.kind} name={actor.name} />
    </>
  )
}

/** What an entry is about: a thing by its name, how many things, or only of what kind it was. */
const About = ({ entry }: { entry: Entry }) => {
  const t = useText('deeds')
  const format = useFormat()
  const { subject, subjectType, items, actor } = entry
  // Who signs in does so to nobody but themselves.
  if (items === null && subject === `${actor.kind}:${actor.name}`) return null
  if (subject === null && items === null) return <span class="an-muted"> – {kindOf(subjectType)}</span>
  return (
    <>
      {' – '}
      {subject !== null && <Thing type={subjectType} name={subject} />}
      {subject !== null && items !== null && ' · '}
      {items !== null && <span>{t('things', { count: items, n: format.count(items) })}</span>}
    </>
  )
}

/** An entry in one sentence: who did what to what, and on whose behalf. */
export const Sentence = ({ entry, meanings }: { entry: Entry; meanings?: Meanings | undefined }) => {
  const t = useText('deeds')
  return (
    <>
      <strong>
        <Who actor={entry.actor} />
      </strong>{' '}
      {deedOf(entry.action, meanings)}
      <About entry={entry} />
      {entry.onBehalfOf !== null && (
        <>
          {' '}
          <span>
            {t('onBehalfOf')} <Thing type="user" name={entry.onBehalfOf} />
          </span>
        </>
      )}
    </>
  )
}
