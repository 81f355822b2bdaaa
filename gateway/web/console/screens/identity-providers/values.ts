import type { components } from '../../../ui/api/schema.generated.ts'
import { type GrantValues, grantOfValues, valuesOfGrant } from '../access/grant-values.ts'

export type Provider = components['schemas']['IdentityProvider']

/** A provider as it is edited. */
export type ProviderValues = {
  code: string
  issuer: string
  name: string
  clientId: string
  clientSecret: string
  scopes: string
  usernameClaim: string
  groupClaim: string
  makesAccounts: boolean
  trustsEmail: boolean
  mappings: readonly GrantValues[]
}

export const NEW_PROVIDER: ProviderValues = {
  code: '',
  issuer: '',
  name: '',
  clientId: '',
  clientSecret: '',
  scopes: 'profile email',
  usernameClaim: 'preferred_username',
  groupClaim: 'groups',
  makesAccounts: false,
  trustsEmail: false,
  mappings: [],
}

/** What can be changed of a provider; its secret is never shown, and stays unless another is typed. */
export const providerValuesOf = (provider: Provider): ProviderValues => ({
  code: provider.code,
  issuer: provider.issuer,
  name: provider.name,
  clientId: provider.clientId,
  clientSecret: '',
  scopes: provider.scopes.join(' '),
  usernameClaim: provider.usernameClaim,
  groupClaim: provider.groupClaim,
  makesAccounts: provider.makesAccounts,
  trustsEmail: provider.trustsEmail,
  mappings: provider.mappings.map(valuesOfGrant),
})

/** What making and changing a provider send alike. */
export const settingsOf = (values: ProviderValues) => ({
  name: values.name.trim(),
  clientId: values.clientId.trim(),
  scopes: values.scopes.split(/[\s,]+/).filter(scope => scope !== ''),
  usernameClaim: values.usernameClaim.trim(),
  groupClaim: values.groupClaim.trim(),
  makesAccounts: values.makesAccounts,
  trustsEmail: values.trustsEmail,
  mappings: values.mappings.map(mapping => ({ group: mapping.group.trim(), ...grantOfValues(mapping) })),
})
