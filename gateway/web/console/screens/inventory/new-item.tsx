import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { SelectField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { UNITS } from './quantity.tsx'
import { atField } from './refused.ts'

/** Adding something that is handed out. What it is counted in stays as it is: its stock is. */
export const NewItem = () => {
  const t = useText('inventory')
  const [, go] = useLocation()
  const form = useForm({
    initial: { name: '', code: '', unit: '' },
    submit: ({ name, code, unit }) => {
      const body = { name: name.trim(), code: code.trim(), unit }
      return dataOf(api.POST('/api/v1/items', { body })).catch(problem => {
        throw atField(problem, { 'code-taken': '/code' })
      })
    },
    onDone: item => {
      void changed()
      toast('success', t('added', { name: item.name }))
      go(`/items/${item.code}`)
    },
    draft: 'items/new',
  })
  return (
    <Page title={t('addItem')} back={{ href: '/items', label: t('items') }}>
      <Form form={form} submit={t('addItem')} cancel="/items">
        <TextField form={form} name="name" label={t('name')} hint={t('itemHint')} />
        <TextField form={form} name="code" label={t('code')} hint={t('codeHint')} width="short" />
        <SelectField
          form={form}
          name="unit"
          label={t('unit')}
          hint={t('unitHint')}
          options={UNITS.map(value => ({ value, label: t(`units.${value}`) }))}
        />
      </Form>
    </Page>
  )
}
