import '../approvals/approvals.scss'
import { useRef } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner, toast } from '../../../ui/components/banner.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import { PolicyForm } from './form.tsx'
import { changeOf, type Policy, valuesOfPolicy } from './values.ts'

/** Rewriting a policy. What was submitted before stays under what it was. */
export const EditPolicy = ({ params }: ScreenProps) => {
  const code = params.code!
  const init = { params: { path: { code } } }
  const { data, problem, refresh } = useGet('/api/v1/approval-policies/{code}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  return data?.code === code ? <EditForm policy={data} /> : <Loading />
}

const EditForm = ({ policy }: { policy: Policy }) => {
  const t = useText('approval-policies')
  const [, go] = useLocation()
  const here = `/approval-policies/${policy.code}`
  const warned = useRef<Policy['warnings']>(undefined)
  const editing = useEditing({
    thing: policy,
    valuesOf: valuesOfPolicy,
    save: async (values, ifMatch) => {
      const params = { path: { code: policy.code }, header: { 'If-Match': ifMatch } }
      const body = changeOf(values)
      const saved = await dataOf(api.PUT('/api/v1/approval-policies/{code}', { params, body }))
      warned.current = saved.warnings
    },
    onDone: () => {
      toast('success', t('saved'))
      go(here, { state: { warnings: warned.current } })
    },
    draft: `approval-policies/${policy.code}`,
  })
  return (
    <Page title={t('editTitle', { name: policy.name })} back={{ href: here, label: policy.name }}>
      <Meanwhile editing={editing} label={field => textOr('approval-policies', field, field)} />
      {policy.state === 'active' && <Banner tone="info">{t('inForce')}</Banner>}
      <PolicyForm form={editing.form} submit={t('save')} cancel={here} />
    </Page>
  )
}
