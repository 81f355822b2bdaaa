import type { ComponentType } from 'preact'
import type { Namespaces } from '../ui/i18n/index.ts'
import type { NavIconName } from './shell/nav-icon.tsx'

/** The parameters of an address, by the names that its path gives them. */
export type ScreenProps = { params: Record<string, string> }
export type Screen = ComponentType<ScreenProps>

/** What an address shows: a screen, which is loaded with its texts when somebody goes there. */
export type Route = {
  /** After `/console`, with parameters as `:name`. */
  path: string
  /** What one must be allowed, somewhere; `any` is whoever is signed in, `none` is whoever comes by. */
  permission: string
  /** The texts that it needs besides those of the components and of the shell. */
  texts: readonly (keyof Namespaces)[]
  /** The kind of thing that it shows one of, by the one parameter of its path: search, jobs and notifications lead here. */
  shows?: ThingKind
  screen: () => Promise<Screen>
}

/** Kinds of things that people open, as the API names them (`subject.type`). */
export type ThingKind =
  | 'approval'
  | 'approval-policy'
  | 'area'
  | 'client'
  | 'credential'
  | 'cycle'
  | 'enrolment'
  | 'entitlement'
  | 'fund'
  | 'identity-provider'
  | 'import'
  | 'item'
  | 'job'
  | 'location'
  | 'payment'
  | 'payment-batch'
  | 'payment-report'
  | 'payment-review'
  | 'program'
  | 'redemption'
  | 'registrant'
  | 'role'
  | 'user'

/** The parts of the navigation, in the order of a day's work. */
export const NAV_GROUPS = [
  'work',
  'people',
  'programs',
  'payments',
  'distribution',
  'administration',
] as const

/** An entry of the navigation. It is called `shell:nav.<key>`; within its group it stands where its part is listed. */
export type NavEntry = {
  key: keyof Namespaces['shell']['nav']
  group: (typeof NAV_GROUPS)[number]
  /** After `/console`. */
  path: string
  /** What one must be allowed, somewhere, to be shown it; `any` is whoever is signed in. */
  permission: string
  icon: NavIconName
  /** The letter that leads there after `g`. */
  letter?: string
  /** The path is another page of this server, not one of the console. */
  isElsewhere?: boolean
}
