import type { AnswerOf } from '../../../ui/api/queries.ts'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { useText } from '../../../ui/i18n/index.ts'

export type Program = AnswerOf<'/api/v1/programs/{code}'>
export type Component = Program['components'][number]
export type ProgramState = Program['state']
export type Target = Program['target']
export type Enrolment = AnswerOf<'/api/v1/programs/{code}/enrolments'>['items'][number]
export type EnrolmentStatus = Enrolment['status']

export const PROGRAM_STATES = ['draft', 'active', 'ended'] as const satisfies readonly ProgramState[]

export const STATUSES = [
  'enrolled',
  'suspended',
  'candidate',
  'waitlisted',
  'exited',
  'not_eligible',
  'duplicate',
] as const satisfies readonly EnrolmentStatus[]

/** Why somebody leaves a program. */
export const EXIT_REASONS = [
  'graduated',
  'deceased',
  'moved',
  'non_compliance',
  'duplicate',
  'voluntary',
  'error',
] as const

const STATE_TONES: Record<ProgramState, Tone> = { draft: 'neutral', active: 'good', ended: 'info' }
const STATUS_TONES: Record<EnrolmentStatus, Tone> = {
  enrolled: 'good',
  suspended: 'warning',
  candidate: 'neutral',
  waitlisted: 'neutral',
  exited: 'info',
  not_eligible: 'bad',
  duplicate: 'bad',
}

/** The state of a program, in a word. */
export const ProgramTag = ({ state }: { state: ProgramState }) => {
  const t = useText('programs')
  return <Tag tone={STATE_TONES[state]}>{t(`states.${state}`)}</Tag>
}

/** The status of an enrolment, in a word. */
export const EnrolmentTag = ({ status }: { status: EnrolmentStatus }) => {
  const t = useText('programs')
  return <Tag tone={STATUS_TONES[status]}>{t(`statuses.${status}`)}</Tag>
}
