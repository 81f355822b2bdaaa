import { useLocation, useSearchParams } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { withoutIsolates } from '../../../ui/i18n/say.ts'
import { type Role, roleDescription, roleName } from '../access/names.ts'
import { RoleFields, roleOf, roleValuesOf } from './fields.tsx'

/** Making a role: from nothing, or as a copy of another one (`?from=`). */
export const NewRole = () => {
  const [search] = useSearchParams()
  const from = search.get('from') ?? ''
  const init = { params: { path: { code: from } } }
  const { data, problem, refresh } = useGet('/api/v1/roles/{code}', init, { when: from !== '' })
  if (from === '') return <NewRoleForm />
  if (problem) return <Failure problem={problem} retry={refresh} />
  return data ? <NewRoleForm like={data} /> : <Loading />
}

const NOTHING = { code: '', name: '', description: '', permissions: [], masks: [] }

const NewRoleForm = ({ like }: { like?: Role }) => {
  const t = useText('roles')
  const [, go] = useLocation()
  const copied = like && {
    ...like,
    code: '',
    name: withoutIsolates(t('copyName', { name: roleName(like) })),
    description: roleDescription(like),
  }
  const form = useForm({
    initial: roleValuesOf(copied ?? NOTHING),
    submit: values =>
      dataOf(api.POST('/api/v1/roles', { body: { code: values.code.trim(), ...roleOf(values) } })),
    onDone: role => {
      void changed()
      toast('success', t('added', { name: role.name }))
      go(`/roles/${role.code}`)
    },
    draft: `roles/new/${like?.code ?? ''}`,
  })
  return (
    <Page title={t('add')} lead={t('addLead')} back={{ href: '/roles', label: t('title') }}>
      <Form form={form} submit={t('add')} cancel="/roles">
        <TextField
          form={form}
          name="code"
          label={t('code')}
          hint={t('codeHint')}
          dir="ltr"
          spellcheck={false}
          maxLength={60}
        />
        <RoleFields form={form} />
      </Form>
    </Page>
  )
}
