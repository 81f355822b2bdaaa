import { languageNow } from '../../../ui/i18n/index.ts'

/** What the reader calls a language (BCP 47); the tag itself where there is no name. */
export const languageName = (tag: string): string => {
  try {
    return new Intl.DisplayNames(languageNow(), { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
