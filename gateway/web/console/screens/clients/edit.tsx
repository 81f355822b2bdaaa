import { useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { TextField } from '../../../ui/components/fields.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import { UserField } from '../users/people-field.tsx'
import type { Client } from './detail.tsx'

type Values = { name: string; owner: string }

/** Renaming a client, or having another user answer for it. */
export const EditClient = ({ params }: ScreenProps) => {
  const init = { params: { path: { clientId: params.clientId! } } }
  const { data: client, problem, refresh } = useGet('/api/v1/clients/{clientId}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  return client ? <ClientForm client={client} /> : <Loading />
}

const valuesOf = ({ name, owner }: Client): Values => ({ name, owner: owner ?? '' })

const ClientForm = ({ client }: { client: Client }) => {
  const t = useText('clients')
  const [, go] = useLocation()
  const [began] = useState(() => valuesOf(client))
  const here = `/clients/${client.clientId}`
  const editing = useEditing({
    thing: client,
    valuesOf,
    save: async ({ name, owner }, ifMatch) => {
      const body = {
        ...(name.trim() === began.name ? {} : { name: name.trim() }),
        ...(owner === began.owner ? {} : { owner: owner || null }),
      }
      if (Object.keys(body).length === 0) return
      const path = { clientId: client.clientId }
      await dataOf(
        api.PATCH('/api/v1/clients/{clientId}', { params: { path, header: { 'If-Match': ifMatch } }, body }),
      )
    },
    onDone: () => {
      toast('success', t('saved'))
      go(here)
    },
    draft: here,
  })
  const { form } = editing
  return (
    <Page title={t('editTitle', { name: client.name })} back={{ href: here, label: client.name }}>
      <Meanwhile editing={editing} label={field => t(field as keyof Values)} />
      <Form form={form} cancel={here}>
        <Section title={t('about')}>
          <TextField form={form} name="name" label={t('name')} hint={t('nameHint')} maxLength={200} />
          <UserField form={form} name="owner" label={t('owner')} hint={t('ownerHint')} required={false} />
        </Section>
      </Form>
    </Page>
  )
}
