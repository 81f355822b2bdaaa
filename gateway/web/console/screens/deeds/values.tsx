import type { ComponentChildren } from 'preact'
import { Difference } from '../../../ui/components/difference.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { fieldOf } from './words.ts'

type State = Readonly<Record<string, unknown>> | null
type Grant = { role: string; areas?: unknown; programs?: unknown }

const isGrant = (value: unknown): value is Grant =>
  typeof value === 'object' && value !== null && 'role' in value && typeof value.role === 'string'

/** Whether two states of a thing say anything at all. */
export const saysMore = (...states: State[]): boolean =>
  states.some(state => state !== null && Object.keys(state).length > 0)

/** What changed of a thing, in the words of the trail. */
export const Changed = ({ before, after }: { before: State; after: State }) => (
  <Difference before={before} after={after} label={fieldOf} value={shownValue} />
)

/** Values that say little by themselves; undefined leaves them as they are. Grants without areas hold everywhere. */
export const shownValue = (_field: string, value: unknown): ComponentChildren =>
  Array.isArray(value) && value.length > 0 && value.every(isGrant) ? <Grants grants={value} /> : undefined

const Grants = ({ grants }: { grants: readonly Grant[] }) => {
  const t = useText('deeds')
  const format = useFormat()
  const reach = (limits: unknown, without: string) =>
    Array.isArray(limits) ? format.list(limits.map(String)) : without
  return (
    <ul class="an-difference__list">
      {grants.map(({ role, areas, programs }, index) => (
        <li key={index}>
          <bdi>{role}</bdi> · <bdi>{reach(areas, t('everywhere'))}</bdi> ·{' '}
          <bdi>{reach(programs, t('allPrograms'))}</bdi>
        </li>
      ))}
    </ul>
  )
}
