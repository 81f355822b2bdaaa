import { Button } from '../../../ui/components/button.tsx'
import { NumberField, RadioField, SelectField } from '../../../ui/components/fields.tsx'
import { type FormState, formPart } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ApproversFields } from './approvers-fields.tsx'
import { type DeadlineValues, NEW_APPROVER, NEW_DEADLINE, type TierValues } from './values.ts'

const MOST_DEADLINES = 5
const MOST_NEEDED = 20
const MOST_HOURS = 8760
const AFTERWARDS = ['remind', 'escalate', 'return', 'reject'] as const

export type TierFieldsProps = { part: FormState<TierValues>; kind: TierValues['kind']; subjectType: string }

/** One step of a policy: who, how many of them, and what happens when they take too long. */
export const TierFields = ({ part, kind, subjectType }: TierFieldsProps) => {
  const t = useText('approval-policies')
  const { deadlines } = part.values
  return (
    <>
      <RadioField
        form={part}
        name="kind"
        label={t('kind')}
        options={(['decide', 'inform'] as const).map(value => ({
          value,
          label: t(`kinds.${value}`),
          hint: t(`kindHints.${value}`),
        }))}
      />
      <ApproversFields
        parts={part.values.approvers.map((_, index) => formPart(part, 'approvers', index))}
        onChange={approvers => part.set('approvers', approvers)}
        label={t(kind === 'decide' ? 'approvers' : 'informed')}
        subjectType={subjectType}
      />
      {kind === 'decide' && (
        <>
          <SelectField
            form={part}
            name="need"
            label={t('need')}
            hint={t('needHint')}
            width="medium"
            options={[
              ...Array.from({ length: MOST_NEEDED }, (_, i) => ({
                value: `${i + 1}`,
                label: t('needs', { count: i + 1 }),
              })),
              { value: 'all', label: t('needsAll') },
            ]}
          />
          {deadlines.map((_, index) => (
            <DeadlineFields
              key={index}
              part={formPart(part, 'deadlines', index)}
              number={index + 1}
              subjectType={subjectType}
              remove={() =>
                part.set(
                  'deadlines',
                  deadlines.filter((__, other) => other !== index),
                )
              }
            />
          ))}
          {deadlines.length < MOST_DEADLINES && (
            <Button
              kind="secondary"
              icon="clock"
              onClick={() => part.set('deadlines', [...deadlines, NEW_DEADLINE])}
            >
              {t('addDeadline')}
            </Button>
          )}
        </>
      )}
    </>
  )
}

type DeadlineFieldsProps = {
  part: FormState<DeadlineValues>
  number: number
  subjectType: string
  remove: () => void
}

const DeadlineFields = ({ part, number, subjectType, remove }: DeadlineFieldsProps) => {
  const t = useText('approval-policies')
  const { afterwards, escalateTo } = part.values
  // Whoever is to decide as well needs a place to be named.
  const named = afterwards === 'escalate' && escalateTo.length === 0 ? [NEW_APPROVER] : escalateTo
  const shown = { ...part, values: { ...part.values, escalateTo: named } }
  return (
    <fieldset class="ap-group">
      <legend class="ap-heading">{t('deadlineNumber', { number })}</legend>
      <NumberField
        form={part}
        name="hours"
        label={t('hours')}
        hint={t(number === 1 ? 'hoursHint' : 'hoursAfterHint')}
        min={1}
        max={MOST_HOURS}
      />
      <RadioField
        form={part}
        name="afterwards"
        label={t('then')}
        options={AFTERWARDS.map(value => ({ value, label: t(`afterwards.${value}`) }))}
      />
      {afterwards === 'escalate' && (
        <ApproversFields
          parts={named.map((_, index) => formPart(shown, 'escalateTo', index))}
          onChange={list => part.set('escalateTo', list)}
          label={t('escalateTo')}
          subjectType={subjectType}
        />
      )}
      <Button kind="quiet" icon="close" onClick={remove}>
        {t('removeDeadline', { number })}
      </Button>
    </fieldset>
  )
}
