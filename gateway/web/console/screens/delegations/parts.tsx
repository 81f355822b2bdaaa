import { CheckboxesField, DateField, TextArea } from '../../../ui/components/fields.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Instant } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { SUBJECTS, subjectName } from '../approval-words/subjects.ts'
import type { PeriodState } from './period.ts'

const TONES = { running: 'good', coming: 'info', over: 'neutral', revoked: 'neutral' } as const

export const PeriodTag = ({ state }: { state: PeriodState | 'revoked' }) => {
  const t = useText('delegations')
  return <Tag tone={TONES[state]}>{t(`states.${state}`)}</Tag>
}

/** From when until when. */
export const Period = ({ from, until }: { from: string; until: string }) => (
  <span>
    <Instant iso={from} full /> – <Instant iso={until} full />
  </span>
)

/** Which kinds of things it is for. */
export const Kinds = ({ types }: { types: readonly string[] | null }) => {
  const t = useText('delegations')
  const format = useFormat()
  if (types === null) return <span class="an-nowrap">{t('everything')}</span>
  return <>{format.list(types.map(subjectName))}</>
}

export type PeriodValues = {
  from: string
  until: string
  subjectTypes: readonly string[]
  reason: string
}

/** What deputies and freezes have in common: when, for what, and why. */
export const PeriodFields = <V extends PeriodValues>({ form }: { form: FormState<V> }) => {
  const t = useText('delegations')
  const part = form as unknown as FormState<PeriodValues>
  return (
    <>
      <DateField form={part} name="from" label={t('from')} hint={t('fromHint')} />
      <DateField form={part} name="until" label={t('until')} hint={t('untilHint')} />
      <CheckboxesField
        form={part}
        name="subjectTypes"
        label={t('kinds')}
        hint={t('kindsHint')}
        required={false}
        options={SUBJECTS.map(value => ({ value, label: subjectName(value) }))}
      />
      <TextArea form={part} name="reason" label={t('reason')} rows={3} maxLength={1000} />
    </>
  )
}

/** The rest of what is sent of such a form. */
export const restOf = ({ subjectTypes, reason }: PeriodValues) => ({
  ...(subjectTypes.length > 0 ? { subjectTypes: [...subjectTypes] } : {}),
  reason: reason.trim(),
})
