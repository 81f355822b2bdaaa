import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { FileField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** As much as the server takes. */
const MAX_BYTES = 4 * 1024 ** 3

/** Bringing the report of a bank. The same file twice is applied once; what is wrong with it is told afterwards. */
export const UploadReport = () => {
  const t = useText('payments')
  const [, go] = useLocation()
  const batch = new URLSearchParams(location.search).get('batch')
  const back = batch
    ? { href: `/payment-batches/${batch}`, label: t('batchTitle', { reference: batch }) }
    : { href: '/payment-reports', label: t('report.title') }
  const form = useForm({
    initial: { file: undefined as File | undefined },
    submit: ({ file }) =>
      dataOf(
        api.POST('/api/v1/payment-reports', {
          // The file itself is what is sent.
          body: '',
          bodySerializer: () => file,
          headers: { 'Content-Type': 'application/xml' },
        }),
      ),
    onDone: ({ report, isNew }) => {
      void changed()
      toast(isNew ? 'success' : 'info', t(isNew ? 'report.received' : 'report.cameBefore'))
      go(`/payment-reports/${report}`)
    },
  })
  return (
    <Page title={t('report.upload')} lead={t('report.uploadLead')} back={back}>
      <Form form={form} submit={t('report.upload')} cancel={back.href}>
        <FileField
          form={form}
          name="file"
          label={t('report.file')}
          hint={t('report.fileHint')}
          accept=".xml,application/xml,text/xml"
          maxBytes={MAX_BYTES}
        />
      </Form>
    </Page>
  )
}
