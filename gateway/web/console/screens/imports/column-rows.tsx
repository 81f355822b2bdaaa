import { controlLook, useField } from '../../../ui/components/fields/field.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { fieldLabel, type TargetField } from './model.ts'
import type { Plan } from './plan.ts'

type Props = {
  form: FormState<Plan>
  header: readonly string[]
  sample: readonly (readonly string[])[]
  fields: readonly TargetField[]
}

const SHOWN = 3

/** The columns of a file, each with its first values, and what each of them is. */
export const ColumnRows = ({ form, header, sample, fields }: Props) => {
  const t = useText('imports')
  const field = useField<Plan, readonly string[]>({
    form,
    name: 'columns',
    label: t('columns.title'),
    required: false,
  })
  const columns = field.value ?? []
  const choose = (at: number, key: string): void =>
    field.set(columns.map((other, place) => (place === at ? key : other)))
  return (
    <>
      {field.error !== undefined && (
        <p class="govuk-error-message" id={`${field.id}-error`}>
          {field.error}
        </p>
      )}
      <ul class="an-mapping" aria-label={t('columns.title')}>
        {header.map((column, at) => (
          <Row
            key={at}
            id={at === 0 ? field.id : `${field.id}-${at}`}
            column={column}
            sample={sample.map(row => row[at] ?? '').filter(cell => cell.trim() !== '')}
            chosen={columns[at] ?? ''}
            taken={columns}
            fields={fields}
            choose={key => choose(at, key)}
          />
        ))}
      </ul>
    </>
  )
}

type RowProps = {
  id: string
  column: string
  sample: readonly string[]
  chosen: string
  taken: readonly string[]
  fields: readonly TargetField[]
  choose: (key: string) => void
}

const Row = ({ id, column, sample, chosen, taken, fields, choose }: RowProps) => {
  const t = useText('imports')
  return (
    <li class={chosen === '' ? 'an-mapping__row an-mapping__row--out' : 'an-mapping__row'}>
      <div class="an-mapping__column">
        <label class="an-mapping__header" for={id}>
          <span class="govuk-visually-hidden">{t('columns.column')} </span>
          <Name>{column}</Name>
        </label>
        <p class="an-mapping__sample" id={`${id}-sample`}>
          {sample.length === 0 ? (
            <span class="an-muted">{t('columns.noValues')}</span>
          ) : (
            sample.slice(0, SHOWN).map((cell, at) => <Name key={at}>{cell}</Name>)
          )}
        </p>
      </div>
      <select
        id={id}
        class={controlLook('govuk-select', { width: 'full', error: undefined })}
        aria-describedby={`${id}-sample`}
        value={chosen}
        onChange={event => choose(event.currentTarget.value)}
      >
        <option value="">{t('columns.ignore')}</option>
        {fields.map(field => (
          <option
            key={field.key}
            value={field.key}
            disabled={field.key !== chosen && taken.includes(field.key)}
          >
            {fieldLabel(field.key, field.label)}
            {field.isRequired ? ` (${t('columns.required')})` : ''}
          </option>
        ))}
      </select>
    </li>
  )
}
