import { useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form, formPart, useForm } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { completeGrants, type GrantValues, grantOfValues, newGrant } from '../access/grant-values.ts'
import { GrantsEditor } from '../access/grants-editor.tsx'
import { GrantsPreview } from '../access/grants-preview.tsx'
import { useRoles } from '../access/names.ts'
import { Once } from '../access/once.tsx'
import { UserField } from '../users/people-field.tsx'
import { TryIt } from './try-it.tsx'

type Values = { name: string; clientId: string; owner: string; grants: readonly GrantValues[] }
type Made = { clientId: string; clientSecret: string }

const create = ({ name, clientId, owner, grants }: Values): Promise<Made> =>
  dataOf(
    api.POST('/api/v1/clients', {
      body: {
        name: name.trim(),
        clientId: clientId.trim(),
        grants: grants.map(grantOfValues),
        ...(owner ? { owner } : {}),
      },
    }),
  )

/** Adding an API client: its secret is shown at the end, once. */
export const NewClient = () => {
  const t = useText('clients')
  const [, go] = useLocation()
  const [made, setMade] = useState<Made>()
  if (!made) return <NewClientForm onMade={setMade} />
  return (
    <Page title={t('added', { name: made.clientId })} back={{ href: '/clients', label: t('title') }}>
      <Once
        title={t('secret.shown')}
        secret={made.clientSecret}
        file={`${made.clientId}.secret.txt`}
        onKept={() => go(`/clients/${made.clientId}`)}
      >
        {t('secret.of', { id: made.clientId })}
      </Once>
      <TryIt clientId={made.clientId} />
    </Page>
  )
}

const NewClientForm = ({ onMade }: { onMade: (made: Made) => void }) => {
  const t = useText('clients')
  const access = useText('access')
  const roles = useRoles()
  const form = useForm<Values, Made>({
    initial: { name: '', clientId: '', owner: '', grants: [newGrant()] },
    submit: create,
    onDone: made => {
      void changed()
      onMade(made)
    },
    draft: 'clients/new',
  })
  return (
    <Page title={t('add')} lead={t('addLead')} back={{ href: '/clients', label: t('title') }}>
      <Form form={form} submit={t('add')} cancel="/clients">
        <Section title={t('about')}>
          <TextField form={form} name="name" label={t('name')} hint={t('nameHint')} maxLength={200} />
          <TextField
            form={form}
            name="clientId"
            label={t('id')}
            hint={t('idHint')}
            dir="ltr"
            spellcheck={false}
            maxLength={60}
          />
          <UserField form={form} name="owner" label={t('owner')} hint={t('ownerHint')} required={false} />
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
