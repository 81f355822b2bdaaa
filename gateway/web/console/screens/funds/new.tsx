import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** Opening a fund. It is empty until money is put into it. */
export const NewFund = () => {
  const t = useText('funds')
  const [, go] = useLocation()
  const form = useForm({
    initial: { code: '', name: '', currency: '' },
    submit: ({ code, name, currency }) => {
      const fund = { code: code.trim(), name: name.trim(), currency: currency.trim().toUpperCase() }
      return dataOf(api.POST('/api/v1/funds', { body: fund }))
    },
    onDone: fund => {
      void changed()
      toast('success', t('opened', { name: fund.name }))
      go(`/funds/${fund.code}`)
    },
    draft: 'funds/new',
  })
  return (
    <Page title={t('open')} back={{ href: '/funds', label: t('title') }}>
      <Form form={form} submit={t('open')} cancel="/funds">
        <TextField form={form} name="name" label={t('name')} maxLength={200} />
        <TextField
          form={form}
          name="code"
          label={t('code')}
          hint={t('codeHint')}
          width="short"
          dir="ltr"
          maxLength={12}
        />
        <TextField
          form={form}
          name="currency"
          label={t('currency')}
          hint={t('currencyHint')}
          width="short"
          dir="ltr"
          maxLength={3}
        />
      </Form>
    </Page>
  )
}
