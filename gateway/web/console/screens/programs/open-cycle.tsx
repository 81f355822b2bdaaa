import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { DateField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'

/** Opening a cycle of a program: what it is called, and the days on which what it gives can be had. */
export const OpenCycle = ({ params }: ScreenProps) => {
  const t = useText('programs')
  const [, go] = useLocation()
  const code = params.code!
  const { data: program } = useGet('/api/v1/programs/{code}', { params: { path: { code } } })
  const here = `/programs/${code}?tab=cycles`
  const form = useForm({
    initial: { name: '', code: '', validFrom: '', validUntil: '' },
    submit: values =>
      dataOf(
        api.POST('/api/v1/programs/{code}/cycles', {
          params: { path: { code } },
          body: { ...values, name: values.name.trim(), code: values.code.trim() },
        }),
      ),
    onDone: ({ reference, name }) => {
      void changed()
      toast('success', t('open.done', { name }))
      go(`/cycles/${reference}`)
    },
    draft: `programs/${code}/cycles/new`,
  })
  return (
    <Page title={t('open.title')} lead={t('open.lead')} back={{ href: here, label: program?.name ?? code }}>
      <Form form={form} submit={t('open.do')} cancel={here}>
        <TextField form={form} name="name" label={t('open.name')} hint={t('open.nameHint')} maxLength={200} />
        <TextField
          form={form}
          name="code"
          label={t('code')}
          hint={t('open.codeHint')}
          width="short"
          maxLength={12}
          dir="ltr"
        />
        <DateField form={form} name="validFrom" label={t('open.validFrom')} />
        <DateField
          form={form}
          name="validUntil"
          label={t('open.validUntil')}
          hint={t('open.validUntilHint')}
        />
      </Form>
    </Page>
  )
}
