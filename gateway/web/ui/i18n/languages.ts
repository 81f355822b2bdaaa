/** The languages that the pages speak, each by its own name. The first is what is spoken when nothing else fits. */
export const LANGUAGES = [
  { code: 'en', name: 'English', direction: 'ltr' },
  { code: 'fr', name: 'Français', direction: 'ltr' },
  { code: 'ar', name: 'العربية', direction: 'rtl' },
] as const

export type Language = (typeof LANGUAGES)[number]['code']

/** The cookie that keeps the chosen language, for the server too: it sends the page in it. */
export const LANGUAGE_COOKIE = 'annona-language'

/** The language of a code such as `fr` or `fr-CA`; undefined when there is none. */
export const languageOf = (tag: string | undefined): Language | undefined =>
  LANGUAGES.find(({ code }) => code === tag?.toLowerCase().split('-')[0])?.code

/** Which way a language is written. */
export const directionOf = (language: Language): 'ltr' | 'rtl' =>
  LANGUAGES.find(({ code }) => code === language)!.direction
