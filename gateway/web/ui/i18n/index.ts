/*
 * What the pages say, in the language of whoever reads. The texts of a namespace are loaded when something needs them,
 * in one language; another language loads what is in use again.
 */
import { createStore, useStore } from '../store.ts'
import { directionOf, LANGUAGE_COOKIE, LANGUAGES, type Language, languageOf } from './languages.ts'
import type { KeyOf, Namespaces } from './namespaces.ts'
import { say, type Texts, type Values } from './say.ts'

export { directionOf, LANGUAGES, type Language } from './languages.ts'
export type { KeyOf, Namespaces } from './namespaces.ts'

/** Says what is under a key, with values put in. A `count` chooses the plural form of the language. */
export type Text<T> = (key: KeyOf<T>, values?: Values) => string

/** Where the texts of a namespace come from. */
export type Loader = (namespace: string, language: Language) => Promise<Texts>

const language = createStore<Language>('en')
/** What was loaded, by namespace, in the language that is spoken. */
let loaded: Readonly<Record<string, Texts>> = {}
let loader: Loader

/** Begins with a language. Nothing may be said before. */
export const startTexts = (load: Loader, first: Language): void => {
  loader = load
  speak(first)
}

/** Loads the texts of namespaces, unless they are there. */
export const loadTexts = async (...namespaces: string[]): Promise<void> => {
  const missing = namespaces.filter(namespace => !loaded[namespace])
  if (missing.length === 0) return
  const spoken = language.get()
  const texts = await textsIn(spoken, missing)
  // Another language may have been chosen meanwhile.
  if (spoken === language.get()) loaded = { ...loaded, ...texts }
  else await loadTexts(...namespaces)
}

const textsIn = async (spoken: Language, namespaces: readonly string[]): Promise<Record<string, Texts>> =>
  Object.fromEntries(
    await Promise.all(
      namespaces.map(async namespace => [namespace, await loader(namespace, spoken)] as const),
    ),
  )

/** Changes the language, here and for next time. */
export const chooseLanguage = async (next: Language): Promise<void> => {
  let texts: Readonly<Record<string, Texts>> = {}
  // What a screen loads meanwhile in the language of before is loaded in the next one, too.
  for (let missing = Object.keys(loaded); missing.length > 0; ) {
    texts = { ...texts, ...(await textsIn(next, missing)) }
    missing = Object.keys(loaded).filter(namespace => !texts[namespace])
  }
  loaded = texts
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
  document.cookie = `${LANGUAGE_COOKIE}=${next}; Path=/; Max-Age=31536000; SameSite=Lax`
  speak(next)
}

const speak = (next: Language): void => {
  document.documentElement.lang = next
  document.documentElement.dir = directionOf(next)
  language.set(next)
}

/** The language that the page came in: the server chose it, by the cookie or by what the browser asks for. */
export const firstLanguage = (): Language => languageOf(document.documentElement.lang) ?? LANGUAGES[0].code

/** The language that is spoken; what uses it is drawn again when it changes. */
export const useLanguage = (): Language => useStore(language)

/** The language that is spoken now. */
export const languageNow = (): Language => language.get()

/** What a namespace says, in the language of whoever reads. */
export const useText = <N extends keyof Namespaces>(namespace: N): Text<Namespaces[N]> =>
  textIn(useLanguage(), namespace)

/** The same, outside of what is drawn. */
export const textNow = <N extends keyof Namespaces>(namespace: N): Text<Namespaces[N]> =>
  textIn(language.get(), namespace)

const textIn =
  <T>(spoken: Language, namespace: string): Text<T> =>
  (key, values) =>
    say(loaded[namespace] ?? {}, spoken, key, values) ?? key

/**
 * What is said under a key that is not known before, such as the name of a server's rule; `otherwise` where there is
 * nothing.
 */
export const textOr = (
  namespace: keyof Namespaces,
  key: string,
  otherwise: string,
  values?: Values,
): string => say(loaded[namespace] ?? {}, language.get(), key, values) ?? otherwise

/** Whether there is a text under such a key. */
export const hasText = (namespace: keyof Namespaces, key: string): boolean =>
  say(loaded[namespace] ?? {}, language.get(), key) !== undefined
