import '../approvals/approvals.scss'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { type FieldProps, SuggestField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { PeriodFields, restOf } from './parts.tsx'
import { periodOf } from './period.ts'

const INITIAL = { delegator: '', deputy: '', from: '', until: '', subjectTypes: [] as string[], reason: '' }

/** Naming a deputy: for oneself, or for somebody who is away by those who configure approvals. */
export const NewDelegation = () => {
  const t = useText('delegations')
  const [, go] = useLocation()
  const mayDecide = useMay('approval:decide')
  const mayConfigure = useMay('approval:configure')
  const form = useForm({
    initial: INITIAL,
    submit: values => {
      const { delegator, deputy } = values
      const who = { ...(delegator.trim() ? { delegator: delegator.trim() } : {}), deputy: deputy.trim() }
      const body = { ...who, ...periodOf(values), ...restOf(values) }
      return dataOf(api.POST('/api/v1/approval-delegations', { body }))
    },
    onDone: ({ deputy, warnings = [] }) => {
      void changed()
      toast('success', t('added', { deputy }))
      if (warnings.length > 0) toast('warning', t('cannotDecide', { deputy }))
      go('/delegations')
    },
    draft: 'delegations/new',
  })
  return (
    <Page title={t('add')} lead={t('addLead')} back={{ href: '/delegations', label: t('title') }}>
      <Form form={form} submit={t('add')} cancel="/delegations">
        {mayConfigure && (
          <PersonField
            form={form}
            name="delegator"
            label={t('delegator')}
            hint={mayDecide ? t('delegatorHint') : undefined}
            required={!mayDecide}
          />
        )}
        <PersonField form={form} name="deputy" label={t('deputy')} hint={t('deputyHint')} />
        <PeriodFields form={form} />
      </Form>
    </Page>
  )
}

const find = async (q: string, signal: AbortSignal) => {
  const query = { status: 'active' as const, limit: 10, ...(q === '' ? {} : { q }) }
  const { items } = await dataOf(api.GET('/api/v1/users', { params: { query }, signal }))
  return items.map(user => ({ value: user.username, label: user.name, hint: user.username }))
}

/** A user: searched for by those who may see users, else by the name that they sign in with. */
const PersonField = <V extends object>(props: FieldProps<V, string> & { hint?: string | undefined }) => {
  const t = useText('delegations')
  const maySearch = useMay('user:read')
  if (maySearch) return <SuggestField {...props} load={find} />
  return (
    <TextField
      {...props}
      hint={props.hint === undefined ? t('usernameHint') : `${props.hint} ${t('usernameHint')}`}
      width="medium"
      dir="ltr"
      spellcheck={false}
    />
  )
}
