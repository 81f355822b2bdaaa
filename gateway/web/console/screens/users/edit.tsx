import { useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import { useIsMe } from '../access/me.ts'
import { UserField } from './people-field.tsx'

type User = AnswerOf<'/api/v1/users/{username}'>
type Values = { name: string; email: string; supervisor: string; samePersonAs: string }

const valuesOf = ({ name, email, supervisor, samePerson }: User): Values => ({
  name,
  email: email ?? '',
  supervisor: supervisor ?? '',
  samePersonAs: samePerson[0] ?? '',
})

/** Changing who a user is. What they are granted is changed on its own. */
export const EditUser = ({ params }: ScreenProps) => {
  const init = { params: { path: { username: params.username! } } }
  const { data: user, problem, refresh } = useGet('/api/v1/users/{username}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  return user ? <UserForm user={user} /> : <Loading />
}

/** Only what was changed is sent: what somebody else changed meanwhile in other fields stays. */
const changesFrom = (before: Values, after: Values) => {
  const differs = (field: keyof Values) => after[field].trim() !== before[field]
  const orNull = (field: 'email' | 'supervisor' | 'samePersonAs') =>
    differs(field) ? { [field]: after[field].trim() || null } : {}
  return {
    ...(differs('name') ? { name: after.name.trim() } : {}),
    ...orNull('email'),
    ...orNull('supervisor'),
    ...orNull('samePersonAs'),
  }
}

const UserForm = ({ user }: { user: User }) => {
  const t = useText('users')
  const [, go] = useLocation()
  const isMe = useIsMe()(user.username)
  const [began] = useState(() => valuesOf(user))
  const here = `/users/${user.username}`
  const editing = useEditing({
    thing: user,
    valuesOf,
    save: (values, ifMatch) => {
      const path = { username: user.username }
      const body = changesFrom(began, values)
      return dataOf(
        api.PATCH('/api/v1/users/{username}', { params: { path, header: { 'If-Match': ifMatch } }, body }),
      )
    },
    onDone: () => {
      toast('success', t('saved'))
      go(here)
    },
    draft: `users/${user.username}`,
  })
  const { form } = editing
  return (
    <Page title={t('editTitle', { name: user.name })} back={{ href: here, label: user.name }}>
      <Meanwhile editing={editing} label={field => t(field as keyof Values)} />
      <Form form={form} cancel={here}>
        <Section title={t('who')}>
          <TextField form={form} name="name" label={t('name')} maxLength={200} />
          <TextField
            form={form}
            name="email"
            label={t('email')}
            hint={t('emailHint')}
            type="email"
            required={false}
            dir="ltr"
          />
          {isMe ? (
            <p class="govuk-hint">{t('notYourself')}</p>
          ) : (
            <>
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
            </>
          )}
        </Section>
      </Form>
    </Page>
  )
}
