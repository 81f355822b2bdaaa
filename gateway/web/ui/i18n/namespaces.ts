import type problems from '../locales/en/problems.json'
import type ui from '../locales/en/ui.json'

/**
 * What is said, by namespace, as the English file says it. Whoever has texts of its own adds them here by
 * declaration merging, so that every key is checked where it is used.
 */
export interface Namespaces {
  problems: typeof problems
  ui: typeof ui
}

type Plural = '_zero' | '_one' | '_two' | '_few' | '_many' | '_other'
type WithoutPlural<K extends string> = K extends `${infer Base}${Plural}` ? Base : K

/** The keys of a file of texts: nested ones with dots, those with plural forms without the form. */
export type KeyOf<T> = {
  [K in keyof T & string]: T[K] extends string ? WithoutPlural<K> : `${K}.${KeyOf<T[K]>}`
}[keyof T & string]
