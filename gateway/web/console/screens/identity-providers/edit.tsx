import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import { useAreas } from '../access/areas.ts'
import { grantOfValues } from '../access/grant-values.ts'
import { useRoles } from '../access/names.ts'
import { scopeWords } from '../access/scope-words.ts'
import { ClaimFields, ConnectionFields, MappingFields } from './fields.tsx'
import { type Provider, type ProviderValues, providerValuesOf, settingsOf } from './values.ts'

/** Changing an identity provider. Its issuer stays: people are known by it. */
export const EditIdentityProvider = ({ params }: ScreenProps) => {
  const init = { params: { path: { provider: params.code! } } }
  const { data, problem, refresh } = useGet('/api/v1/identity-providers/{provider}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  return data ? <ProviderForm provider={data} /> : <Loading />
}

/** Sends it; the state is changed on its own. */
const save = (provider: Provider, values: ProviderValues, ifMatch: string) =>
  dataOf(
    api.PUT('/api/v1/identity-providers/{provider}', {
      params: { path: { provider: provider.code }, header: { 'If-Match': ifMatch } },
      body: {
        ...settingsOf(values),
        state: provider.state,
        ...(values.clientSecret === '' ? {} : { clientSecret: values.clientSecret }),
      },
    }),
  )

const ProviderForm = ({ provider }: { provider: Provider }) => {
  const t = useText('identity-providers')
  const [, go] = useLocation()
  const here = `/identity-providers/${provider.code}`
  const editing = useEditing<Provider, ProviderValues>({
    thing: provider,
    valuesOf: providerValuesOf,
    save: (values, ifMatch) => save(provider, values, ifMatch),
    onDone: () => {
      toast('success', t('saved'))
      go(here)
    },
    draft: here,
  })
  const inWords = useWords()
  const { form, meanwhile } = editing
  const shown = meanwhile && { before: inWords(meanwhile.before), now: inWords(meanwhile.now) }
  return (
    <Page title={t('editTitle', { name: provider.name })} back={{ href: here, label: provider.name }}>
      <Meanwhile
        editing={{ ...editing, meanwhile: shown }}
        label={field =>
          t(field === 'mappings' ? 'groups' : (field as Exclude<keyof ProviderValues, 'mappings'>))
        }
      />
      <Form form={form} cancel={here}>
        <ConnectionFields form={form} isNew={false} />
        <ClaimFields form={form} />
        <MappingFields form={form} />
      </Form>
    </Page>
  )
}

/** Says mappings in words, to be compared. */
const useWords = () => {
  const roles = useRoles()
  const names = useAreas([])
  return ({ mappings, ...values }: ProviderValues): Record<string, unknown> => ({
    ...values,
    mappings: mappings.map(mapping => {
      const { role, areas = null, programs = null } = grantOfValues(mapping)
      return `${mapping.group}: ${roles.name(role)}, ${scopeWords({ areas, programs }, names)}`
    }),
  })
}
