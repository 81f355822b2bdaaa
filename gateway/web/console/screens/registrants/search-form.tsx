import { useSearchParams } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { ApiProblem } from '../../../ui/api/problem.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { SelectField, SuggestField, TextField } from '../../../ui/components/fields.tsx'
import { type FormState, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { phoneOf, SEARCHED, type Sought } from './sought.ts'

type Props = { filters: Readonly<Record<string, string>>; clear: () => void }

/** By what people are looked for. Nothing is asked before the button is pressed: every answer is a look at people. */
export const SearchForm = ({ filters, clear }: Props) => {
  const t = useText('registrants')
  const mayAreas = useMay('area:read')
  const [, setParams] = useSearchParams()
  const initial = Object.fromEntries(SEARCHED.map(name => [name, filters[name] ?? ''])) as Sought
  const form = useForm({
    initial,
    submit: async sought => {
      if (sought.name.trim().length === 1) throw tooShort(t('search.short'))
      return { ...sought, phone: phoneOf(sought.phone) }
    },
    onDone: sought =>
      setParams(before => {
        const next = new URLSearchParams(before)
        next.delete('cursor')
        for (const name of SEARCHED)
          if (sought[name].trim()) next.set(name, sought[name].trim())
          else next.delete(name)
        return next
      }),
  })
  return (
    <search class="an-section" aria-label={t('search.label')}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void form.send()
        }}
      >
        <div class="an-seek">
          <TextField form={form} name="name" label={t('name')} required={false} />
          <TextField
            form={form}
            name="identifier"
            label={t('search.identifier')}
            dir="ltr"
            required={false}
          />
          <TextField
            form={form}
            name="phone"
            label={t('search.phone')}
            type="tel"
            dir="ltr"
            required={false}
          />
          {mayAreas && <Area form={form} code={initial.area} />}
          <SelectField
            form={form}
            name="kind"
            label={t('kind')}
            placeholder={t('search.any')}
            options={(['individual', 'group'] as const).map(value => ({ value, label: t(`kinds.${value}`) }))}
            required={false}
          />
        </div>
        <div class="an-actions">
          <Button type="submit" icon="search">
            {t('search.do')}
          </Button>
          {Object.keys(filters).length > 0 && (
            <Button kind="quiet" onClick={clear}>
              {t('search.clear')}
            </Button>
          )}
        </div>
      </form>
    </search>
  )
}

const tooShort = (detail: string): ApiProblem =>
  new ApiProblem({
    status: 400,
    title: detail,
    detail,
    errors: [{ pointer: '/name', code: 'short', detail }],
  })

const findAreas = async (q: string, signal: AbortSignal) => {
  const { items } = await dataOf(api.GET('/api/v1/areas', { params: { query: { q, limit: 10 } }, signal }))
  return items.map(area => ({ value: area.code, label: area.name, hint: area.code }))
}

/** An area with all that lies in it; one that is in the address is shown by its name. */
const Area = ({ form, code }: { form: FormState<Sought>; code: string }) => {
  const t = useText('registrants')
  const { data } = useGet('/api/v1/areas/{code}', { params: { path: { code } } }, { when: code !== '' })
  return (
    <SuggestField
      key={data?.name}
      form={form}
      name="area"
      label={t('area')}
      load={findAreas}
      chosen={data && code !== '' ? [{ value: data.code, label: data.name }] : []}
      required={false}
    />
  )
}
