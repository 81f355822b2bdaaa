import { ApiProblem } from '../../../ui/api/problem.ts'
import { CheckboxesField, RadioField, SelectField, TextField } from '../../../ui/components/fields.tsx'
import { Form, type FormState, useForm } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useLanguage, useText } from '../../../ui/i18n/index.ts'
import { AreaField } from '../areas/area-field.tsx'
import { ColumnRows } from './column-rows.tsx'
import { countriesIn } from './countries.ts'
import type { Inspection } from './inspection.ts'
import { fieldLabel, type TargetField } from './model.ts'
import { isKeepable, missingIn, type Plan } from './plan.ts'

type Props = {
  inspection: Inspection
  fields: readonly TargetField[]
  initial: Plan
  /** Under which what was chosen survives a reload. */
  draft: string
  cancel: string
  /** Has the file tested; gives the reference of the import. */
  test: (plan: Plan) => Promise<string>
  onDone: (reference: string) => void
}

/** What each column is and how the file is to be read; then it is tested. */
export const PlanForm = ({ inspection, fields, initial, draft, cancel, test, onDone }: Props) => {
  const t = useText('imports')
  const form = useForm({
    initial,
    submit: async plan => {
      const missing = missingIn(plan, fields).map(field => fieldLabel(field.key, field.label))
      if (missing.length > 0) {
        const detail = t('columns.missing', { fields: missing.join(', ') })
        const errors = [{ pointer: '/columns', code: 'columns', detail }]
        throw new ApiProblem({ status: 400, title: detail, detail, errors })
      }
      return test(plan)
    },
    onDone,
    draft,
  })
  return (
    <Form form={form} submit={t('columns.submit')} cancel={cancel}>
      <div class="an-import-now">
        <Section title={t('columns.title')}>
          <p class="an-muted">{t('columns.lead')}</p>
          <ColumnRows form={form} header={inspection.header} sample={inspection.sample} fields={fields} />
        </Section>
        <Section title={t('reading.title')}>
          <ReadingFields form={form} fields={fields} />
        </Section>
      </div>
    </Form>
  )
}

const ReadingFields = ({ form, fields }: { form: FormState<Plan>; fields: readonly TargetField[] }) => {
  const t = useText('imports')
  const language = useLanguage()
  const { columns } = form.values
  const labelOf = (key: string) => fieldLabel(key, fields.find(field => field.key === key)?.label)
  const kept = columns.filter(isKeepable).map(value => ({ value, label: labelOf(value) }))
  const dateOrders = ['', 'day-first', 'month-first'] as const
  return (
    <>
      {columns.includes('phone') && (
        <SelectField
          form={form}
          name="country"
          label={t('reading.country')}
          hint={t('reading.countryHint')}
          options={countriesIn(language)}
          required={false}
        />
      )}
      <AreaField
        form={form}
        name="areaCode"
        label={t('reading.area')}
        hint={t('reading.areaHint')}
        required={false}
      />
      {columns.includes('birth_date') && (
        <RadioField
          form={form}
          name="dateOrder"
          label={t('reading.dates')}
          required={false}
          options={dateOrders.map(value => ({ value, label: t(`reading.dateOrders.${value || 'file'}`) }))}
        />
      )}
      {columns.includes('household') && (
        <RadioField
          form={form}
          name="groupType"
          label={t('reading.groups')}
          options={(['household', 'family'] as const).map(value => ({
            value,
            label: t(`reading.groupTypes.${value}`),
          }))}
        />
      )}
      {columns.includes('identifier') && !columns.includes('identifier_type') && (
        <TextField
          form={form}
          name="identifierType"
          label={t('reading.identifierType')}
          hint={t('reading.identifierTypeHint')}
          width="short"
          dir="ltr"
          required={false}
        />
      )}
      {columns.some(key => key.startsWith('attribute:')) && (
        <SelectField
          form={form}
          name="decimal"
          label={t('reading.decimal')}
          placeholder={t('reading.dateOrders.file')}
          options={[
            { value: '.', label: '1234.5' },
            { value: ',', label: '1234,5' },
          ]}
          required={false}
        />
      )}
      {kept.length > 0 && (
        <CheckboxesField
          form={form}
          name="keep"
          label={t('reading.keep')}
          hint={t('reading.keepHint')}
          options={kept}
          required={false}
        />
      )}
    </>
  )
}
