import '../approvals/approvals.scss'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { PolicyForm } from './form.tsx'
import { changeOf, NEW_POLICY } from './values.ts'

/** Writing a policy: it is a draft until somebody puts it in force. */
export const NewPolicy = () => {
  const t = useText('approval-policies')
  const [, go] = useLocation()
  const form = useForm({
    initial: NEW_POLICY,
    submit: values => {
      const { code, subjectType } = values
      const body = { code: code.trim(), subjectType, ...changeOf(values) }
      return dataOf(api.POST('/api/v1/approval-policies', { body }))
    },
    onDone: ({ code, name, warnings }) => {
      void changed()
      toast('success', t('added', { name }))
      go(`/approval-policies/${code}`, { state: { warnings } })
    },
    draft: 'approval-policies/new',
  })
  return (
    <Page title={t('add')} lead={t('addLead')} back={{ href: '/approval-policies', label: t('title') }}>
      <PolicyForm form={form} isNew submit={t('saveDraft')} cancel="/approval-policies" />
    </Page>
  )
}
