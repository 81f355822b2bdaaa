import { useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { NumberField, SelectField, TextArea, TextField } from '../../../ui/components/fields.tsx'
import { Form, type FormState, formPart } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Code } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { SUBJECTS, subjectName } from '../approval-words/subjects.ts'
import { PolicyInWords } from './in-words.tsx'
import { TierFields } from './tier-fields.tsx'
import { completeTiers, NEW_TIER, type PolicyValues, tiersOfValues } from './values.ts'

const MOST_TIERS = 10

export type PolicyFormProps = {
  form: FormState<PolicyValues>
  /** A code and a kind are chosen once. */
  isNew?: boolean
  submit: string
  cancel: string
}

/** A policy with its tiers, and what it comes to in words while it is being written. */
export const PolicyForm = ({ form, isNew = false, submit, cancel }: PolicyFormProps) => {
  const t = useText('approval-policies')
  const { tiers, condition, subjectType } = form.values
  return (
    <Form form={form} submit={submit} cancel={cancel}>
      <div class="ap-stack">
        <Section title={t('about')}>
          <TextField form={form} name="name" label={t('name')} maxLength={200} />
          {isNew && (
            <>
              <TextField
                form={form}
                name="code"
                label={t('code')}
                hint={t('codeHint')}
                width="medium"
                dir="ltr"
              />
              <SelectField
                form={form}
                name="subjectType"
                label={t('subject')}
                options={SUBJECTS.map(value => ({ value, label: subjectName(value) }))}
              />
            </>
          )}
          <NumberField
            form={form}
            name="rank"
            label={t('rank')}
            hint={t('rankHint')}
            min={1}
            max={1_000_000}
          />
          <ConditionField form={form} />
        </Section>
        {tiers.map((tier, index) => (
          <Section
            key={index}
            title={t('tierNumber', { number: index + 1 })}
            actions={
              tiers.length > 1 && (
                <Button
                  kind="quiet"
                  icon="close"
                  onClick={() =>
                    form.set(
                      'tiers',
                      tiers.filter((_, other) => other !== index),
                    )
                  }
                >
                  {t('removeTier', { number: index + 1 })}
                </Button>
              )
            }
          >
            <TierFields part={formPart(form, 'tiers', index)} kind={tier.kind} subjectType={subjectType} />
          </Section>
        ))}
        {tiers.length < MOST_TIERS && (
          <div class="an-actions">
            <Button kind="secondary" icon="add" onClick={() => form.set('tiers', [...tiers, NEW_TIER])}>
              {t('addTier')}
            </Button>
          </div>
        )}
        {subjectType !== '' && (
          <Section title={t('inWords')}>
            <div aria-live="polite">
              <PolicyInWords
                subjectType={subjectType}
                condition={condition}
                tiers={tiersOfValues({ tiers: completeTiers(form.values) })}
              />
            </div>
          </Section>
        )}
      </div>
    </Form>
  )
}

/** When the policy applies, with everything that can be said of such a thing. */
const ConditionField = ({ form }: { form: FormState<PolicyValues> }) => {
  const t = useText('approval-policies')
  const { data } = useGet('/api/v1/approval-subjects', {})
  const { subjectType, condition } = form.values
  const facts = (data?.items.find(s => s.type === subjectType)?.facts ?? {}) as Record<string, string>
  const names = Object.entries(facts)
  const insert = (name: string): void =>
    form.set('condition', condition.trim() === '' ? name : `${condition.trimEnd()} && ${name}`)
  return (
    <>
      <TextArea
        form={form}
        name="condition"
        label={t('condition')}
        hint={
          <>
            {t('conditionHint')} <Code>{'total > 1000000 && program == "CASH"'}</Code>
          </>
        }
        required={false}
        rows={2}
        maxLength={4000}
      />
      {names.length > 0 && (
        <details class="ap-facts">
          <summary>{t('facts')}</summary>
          <ul class="ap-list">
            {names.map(([name, type]) => (
              <li key={name}>
                <Button kind="quiet" onClick={() => insert(name)} aria-label={t('insert', { name })}>
                  <Code>{name}</Code>
                </Button>{' '}
                {textOr('approval-policies', `factHints.${name}`, '')}{' '}
                <span class="an-muted">{textOr('approval-policies', `factTypes.${type}`, type)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
