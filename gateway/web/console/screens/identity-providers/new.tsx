import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ClaimFields, ConnectionFields, MappingFields } from './fields.tsx'
import { HowTo } from './how-to.tsx'
import { useRedirectUri } from './redirect-uri.tsx'
import { NEW_PROVIDER, type ProviderValues, settingsOf } from './values.ts'

const create = ({ code, issuer, clientSecret, ...values }: ProviderValues) =>
  dataOf(
    api.POST('/api/v1/identity-providers', {
      body: {
        code: code.trim(),
        issuer: issuer.trim(),
        clientSecret,
        ...settingsOf({ code, issuer, clientSecret, ...values }),
      },
    }),
  )

/** Adding an identity provider, with what is to be done at its side. */
export const NewIdentityProvider = () => {
  const t = useText('identity-providers')
  const [, go] = useLocation()
  const form = useForm({
    initial: NEW_PROVIDER,
    submit: create,
    onDone: provider => {
      void changed()
      toast('success', t('added', { name: provider.name }))
      go(`/identity-providers/${provider.code}`)
    },
    draft: 'identity-providers/new',
  })
  const redirectUri = useRedirectUri(form.values.code.trim())
  return (
    <Page title={t('add')} back={{ href: '/identity-providers', label: t('title') }}>
      <HowTo redirectUri={redirectUri} />
      <Form form={form} submit={t('add')} cancel="/identity-providers">
        <ConnectionFields form={form} isNew />
        <ClaimFields form={form} />
        <MappingFields form={form} />
      </Form>
    </Page>
  )
}
