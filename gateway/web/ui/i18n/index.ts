/*
 * What the pages say, in the language of whoever reads. The texts of a namespace are loaded when something needs them,
 * in one language; another language loads what is in use again.
 */
import i18next from 'i18next'
import { createStore, useStore } from '../store.ts'
import { directionOf, LANGUAGE_COOKIE, LANGUAGES, type Language, languageOf } from './languages.ts'
import type { KeyOf, Namespaces } from './namespaces.ts'

export { directionOf, LANGUAGES, type Language } from './languages.ts'
export type { KeyOf, Namespaces } from './namespaces.ts'

/** Says what is under a key, with values put in. A `count` chooses the plural form of the language. */
export type Text<T> = (key: KeyOf<T>, values?: Record<string, string | number>) => string

/** Where the texts of a namespace come from. */
export type Loader = (namespace: string, language: Language) => Promise<object>

const language = createStore<Language>('en')
const loaded = new Set<string>()
let loader: Loader

/** Begins with a language. Nothing may be said before. */
export const startTexts = async (load: Loader, first: Language): Promise<void> => {
  loader = load
  await i18next.init({
    lng: first,
    fallbackLng: false,
    ns: [],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  speak(first)
}

/** Loads the texts of namespaces, unless they are there. */
export const loadTexts = async (...namespaces: string[]): Promise<void> => {
  const spoken = language.get()
  const missing = namespaces.filter(namespace => !i18next.hasResourceBundle(spoken, namespace))
  await Promise.all(missing.map(namespace => load(namespace, spoken)))
}

const load = async (namespace: string, into: Language): Promise<void> => {
  i18next.addResourceBundle(into, namespace, await loader(namespace, into))
  loaded.add(namespace)
}

/** Changes the language, here and for next time. */
export const chooseLanguage = async (next: Language): Promise<void> => {
  await Promise.all([...loaded].map(namespace => load(namespace, next)))
  await i18next.changeLanguage(next)
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

const textIn = <T>(spoken: Language, namespace: string): Text<T> => {
  const say = i18next.getFixedT(spoken, namespace)
  return (key, values) => say(key, values ?? {})
}

/** Whether a namespace has a text under a key that is not known before, such as the name of a server's rule. */
export const hasText = (namespace: keyof Namespaces, key: string): boolean =>
  i18next.exists(key, { ns: namespace, lng: language.get() })

/** What is said under a key that is not known before; `otherwise` where there is nothing. */
export const textOr = (
  namespace: keyof Namespaces,
  key: string,
  otherwise: string,
  values?: Record<string, string | number>,
): string =>
  hasText(namespace, key) ? i18next.getFixedT(language.get(), namespace)(key, values ?? {}) : otherwise
