import type { Language } from '../ui/i18n/index.ts'
import type { Texts } from '../ui/i18n/say.ts'
import type access from './screens/access/texts/en.json'
import type account from './screens/account/texts/en.json'
import type approvalPolicies from './screens/approval-policies/texts/en.json'
import type approvalWords from './screens/approval-words/texts/en.json'
import type approvals from './screens/approvals/texts/en.json'
import type areas from './screens/areas/texts/en.json'
import type audit from './screens/audit/texts/en.json'
import type clients from './screens/clients/texts/en.json'
import type credentials from './screens/credentials/texts/en.json'
import type cycles from './screens/cycles/texts/en.json'
import type deeds from './screens/deeds/texts/en.json'
import type delegations from './screens/delegations/texts/en.json'
import type funds from './screens/funds/texts/en.json'
import type history from './screens/history/texts/en.json'
import type home from './screens/home/texts/en.json'
import type identityProviders from './screens/identity-providers/texts/en.json'
import type imports from './screens/imports/texts/en.json'
import type inventory from './screens/inventory/texts/en.json'
import type jobs from './screens/jobs/texts/en.json'
import type notifications from './screens/notifications/texts/en.json'
import type paymentReasons from './screens/payment-reasons/texts/en.json'
import type payments from './screens/payments/texts/en.json'
import type programs from './screens/programs/texts/en.json'
import type redemptions from './screens/redemptions/texts/en.json'
import type registrants from './screens/registrants/texts/en.json'
import type roles from './screens/roles/texts/en.json'
import type signIn from './screens/sign-in/texts/en.json'
import type users from './screens/users/texts/en.json'
import type shell from './shell/texts/en.json'

declare module '../ui/i18n/namespaces.ts' {
  /** What the screens say: a line for each folder that has `texts/`. */
  interface Namespaces {
    access: typeof access
    account: typeof account
    'approval-policies': typeof approvalPolicies
    'approval-words': typeof approvalWords
    approvals: typeof approvals
    areas: typeof areas
    audit: typeof audit
    cycles: typeof cycles
    credentials: typeof credentials
    inventory: typeof inventory
    redemptions: typeof redemptions
    deeds: typeof deeds
    delegations: typeof delegations
    funds: typeof funds
    history: typeof history
    clients: typeof clients
    home: typeof home
    'identity-providers': typeof identityProviders
    imports: typeof imports
    jobs: typeof jobs
    notifications: typeof notifications
    programs: typeof programs
    registrants: typeof registrants
    'payment-reasons': typeof paymentReasons
    payments: typeof payments
    roles: typeof roles
    shell: typeof shell
    'sign-in': typeof signIn
    users: typeof users
  }
}

type File = () => Promise<Texts>
const shared = import.meta.glob<Texts>('../ui/locales/*/*.json', { import: 'default' }) as Record<
  string,
  File
>
const own = import.meta.glob<Texts>(['./shell/texts/*.json', './screens/*/texts/*.json'], {
  import: 'default',
}) as Record<string, File>

/** Finds the texts of a namespace: those of the components, of the shell, or of the folder of a screen. */
export const textsOf = (namespace: string, language: Language): Promise<Texts> => {
  const file =
    shared[`../ui/locales/${language}/${namespace}.json`] ??
    own[`./${namespace}/texts/${language}.json`] ??
    own[`./screens/${namespace}/texts/${language}.json`]
  if (!file) throw new Error(`There are no texts for '${namespace}'.`)
  return file()
}
