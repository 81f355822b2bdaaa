import type { AnswerOf } from '../../../ui/api/queries.ts'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'

export type Registrant = AnswerOf<'/api/v1/registrants/{reference}'>
export type Enrolment = AnswerOf<'/api/v1/registrants/{reference}/enrolments'>['items'][number]

type WordList =
  | 'sexes'
  | 'roles'
  | 'relations'
  | 'groupTypes'
  | 'identifierTypes'
  | 'accountKinds'
  | 'reasons'

/** A word for a code of the registry, such as `sexes.female`; the code itself where there is none, as for those of an installation of its own. */
export const wordOf = (key: `${WordList}.${string}`): string =>
  textOr('registrants', key, key.slice(key.indexOf('.') + 1).replaceAll('_', ' '))

/** A person, or what kind of group. */
export const KindTag = ({ kind, groupType }: { kind: Registrant['kind']; groupType?: string | null }) => {
  const t = useText('registrants')
  return (
    <Tag tone="neutral" icon={kind === 'individual' ? 'user' : 'home'}>
      {kind === 'group' && groupType ? wordOf(`groupTypes.${groupType}`) : t(`kinds.${kind}`)}
    </Tag>
  )
}

/** That somebody is not active any more; nothing of those who are. */
export const DisabledTag = ({ status }: { status: Registrant['status'] }) => {
  const t = useText('registrants')
  return status === 'disabled' ? <Tag tone="warning">{t('disabled')}</Tag> : null
}

const TONES: Record<Enrolment['status'], Tone> = {
  enrolled: 'good',
  suspended: 'warning',
  candidate: 'neutral',
  waitlisted: 'neutral',
  exited: 'info',
  not_eligible: 'bad',
  duplicate: 'bad',
}

/** The status of an enrolment, in a word. */
export const EnrolmentTag = ({ status }: { status: Enrolment['status'] }) => {
  const t = useText('registrants')
  return <Tag tone={TONES[status]}>{t(`enrolmentStatuses.${status}`)}</Tag>
}
