import type { ComponentType } from 'preact'
import type { Namespaces } from '../ui/i18n/index.ts'

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
  screen: () => Promise<Screen>
}
