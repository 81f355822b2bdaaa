import { useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { PasswordField, TextField } from '../../../ui/components/fields.tsx'
import { Form, formPart, useForm } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { completeGrants, type GrantValues, grantOfValues, newGrant } from '../access/grant-values.ts'
import { GrantsEditor } from '../access/grants-editor.tsx'
import { GrantsPreview } from '../access/grants-preview.tsx'
import { useRoles } from '../access/names.ts'
import { Once } from '../access/once.tsx'
import { temporaryPassword } from '../access/temporary.ts'
import { UserField } from './people-field.tsx'

type Values = {
  name: string
  username: string
  email: string
  password: string
  supervisor: string
  samePersonAs: string
  grants: readonly GrantValues[]
}

const initial = (): Values => ({
  name: '',
  username: '',
  email: '',
  password: temporaryPassword(),
  supervisor: '',
  samePersonAs: '',
  grants: [newGrant()],
})

/** Sends it, and gives what has to be told to the new user. */
const create = async ({ name, username, email, password, supervisor, samePersonAs, grants }: Values) => {
  const body = {
    name: name.trim(),
    username: username.trim(),
    password,
    grants: grants.map(grantOfValues),
    ...(email.trim() ? { email: email.trim() } : {}),
    ...(supervisor ? { supervisor } : {}),
    ...(samePersonAs ? { samePersonAs } : {}),
  }
  const user = await dataOf(api.POST('/api/v1/users', { body }))
  return { user, password }
}

/** Adding a user: who they are, what they are granted, and the password that they come in with once. */
export const NewUser = () => {
  const t = useText('users')
  const [, go] = useLocation()
  const [made, setMade] = useState<Awaited<ReturnType<typeof create>>>()
  if (!made) return <NewUserForm onMade={setMade} />
  const { user, password } = made
  return (
    <Page title={t('added', { name: user.name })} back={{ href: '/users', label: t('title') }}>
      <Once
        title={t('password.shown')}
        secret={password}
        onKept={() => go(`/users/${user.username}`)}
      >{`${user.name} (${user.username})`}</Once>
      <p class="an-muted">{t('password.tell')}</p>
    </Page>
  )
}

const NewUserForm = ({ onMade }: { onMade: (made: Awaited<ReturnType<typeof create>>) => void }) => {
  const t = useText('users')
  const access = useText('access')
  const roles = useRoles()
  const form = useForm({
    initial: initial(),
    submit: create,
    onDone: made => {
      void changed()
      onMade(made)
    },
    draft: 'users/new',
  })
  return (
    <Page title={t('add')} lead={t('addLead')} back={{ href: '/users', label: t('title') }}>
      <Form form={form} submit={t('add')} cancel="/users">
        <Section title={t('who')}>
          <TextField form={form} name="name" label={t('name')} maxLength={200} />
          <TextField
            form={form}
            name="username"
            label={t('username')}
            hint={t('usernameHint')}
            dir="ltr"
            spellcheck={false}
          />
          <TextField
            form={form}
            name="email"
            label={t('email')}
            hint={t('emailHint')}
            type="email"
            required={false}
            dir="ltr"
          />
          <UserField
            form={form}
            name="supervisor"
            label={t('supervisor')}
            hint={t('supervisorHint')}
            required={false}
          />
          <UserField
            form={form}
            name="samePersonAs"
            label={t('samePersonAs')}
            hint={t('samePersonHint')}
            required={false}
          />
        </Section>
        <Section title={t('password.temporary')}>
          <PasswordField
            form={form}
            name="password"
            label={t('password.temporary')}
            hint={t('password.hint')}
            autocomplete="new-password"
          />
          <Button kind="secondary" icon="refresh" onClick={() => form.set('password', temporaryPassword())}>
            {t('password.another')}
          </Button>
        </Section>
        <Section title={access('grants.title')}>
          <GrantsEditor
            parts={form.values.grants.map((_, index) => formPart(form, 'grants', index))}
            onChange={grants => form.set('grants', grants)}
            roles={roles}
          />
        </Section>
        <Section title={access('grants.preview')}>
          <GrantsPreview before={[]} after={completeGrants(form.values.grants)} roles={roles} />
        </Section>
      </Form>
    </Page>
  )
}
