import type { components } from '../../../ui/api/schema.generated.ts'
import { RadioField, TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Verdict } from './words.tsx'

type Decision = components['schemas']['ApprovalVerdict']
const VERDICTS: readonly Verdict[] = ['approve', 'return', 'reject']
export const MOST_SAID = 1000

/** What is decided on many, and why. Why is asked for unless it is agreed to. */
export const VerdictForm = <R,>(props: {
  submit: string
  hint: string
  decide: (decision: Decision) => Promise<R>
  onDone: (result: R) => void
}) => {
  const t = useText('approvals')
  const form = useForm({
    initial: { verdict: 'approve' as string, comment: '' },
    submit: ({ verdict, comment }) =>
      props.decide({
        verdict: verdict as Verdict,
        ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
      }),
    onDone: props.onDone,
  })
  const { verdict } = form.values
  return (
    <Form form={form} submit={props.submit} kind={verdict === 'reject' ? 'warning' : 'primary'}>
      <RadioField
        form={form}
        name="verdict"
        label={t('verdict')}
        hint={props.hint}
        options={VERDICTS.map(value => ({
          value,
          label: t(`verdicts.${value}`),
          hint: t(`verdictHints.${value}`),
        }))}
      />
      <TextArea
        form={form}
        name="comment"
        label={t('comment')}
        required={verdict !== 'approve'}
        rows={3}
        maxLength={MOST_SAID}
      />
    </Form>
  )
}
