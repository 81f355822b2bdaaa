import './programs.scss'
import { RadioField, TextField } from '../../../ui/components/fields.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Code } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ComponentsFields } from './components-fields.tsx'
import { FundField } from './item-field.tsx'
import { RulesFields } from './rules-fields.tsx'
import type { ProgramValues } from './values.ts'

/** Everything a program says of itself. What it is for and its currency are fixed once it is there. */
export const ProgramFields = ({ form, isNew }: { form: FormState<ProgramValues>; isNew: boolean }) => {
  const t = useText('programs')
  const { code, target, currency, components } = form.values
  return (
    <div class="pr-stack">
      <Section title={t('about')}>
        <TextField form={form} name="name" label={t('name')} maxLength={200} />
        {isNew ? (
          <>
            <TextField
              form={form}
              name="code"
              label={t('code')}
              hint={t('codeHint')}
              width="short"
              maxLength={12}
              dir="ltr"
            />
            <RadioField
              form={form}
              name="target"
              label={t('target')}
              options={[
                { value: 'group', label: t('targets.group') },
                { value: 'individual', label: t('targets.individual') },
              ]}
            />
            <TextField
              form={form}
              name="currency"
              label={t('currency')}
              hint={t('currencyHint')}
              width="short"
              maxLength={3}
              dir="ltr"
            />
          </>
        ) : (
          <Summary
            rows={[
              { label: t('code'), value: <Code>{code}</Code> },
              { label: t('target'), value: t(`targets.${target}`) },
              { label: t('currency'), value: <Code>{currency}</Code> },
            ]}
          />
        )}
        <FundField
          form={form}
          name="fund"
          label={t('fund')}
          hint={t('fundHint')}
          required={components.some(c => c.kind === 'cash')}
        />
      </Section>
      <RulesFields form={form} code={isNew ? undefined : code} />
      <ComponentsFields form={form} />
    </div>
  )
}
