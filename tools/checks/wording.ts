import type { Namespace } from './texts.ts'

/** What a language does not say, and why, as a pattern. */
type Refusal = { language: string; pattern: RegExp; why: string }

const WRITING: Refusal[] = [
  {
    language: 'fr',
    pattern: /« |(?<!^) [:;!?»]/,
    why: 'has a plain space where French has one that does not break',
  },
  { language: 'ar', pattern: /[\u0600-\u06ff]\s*[,;?]/, why: 'has Latin punctuation within Arabic' },
  { language: 'ar', pattern: /[“”]/, why: 'has Latin quotation marks: Arabic has « »' },
]

/** The words that the glossary says are not said: its paragraph that begins with "Not:", `en \`word\`, …; fr …`. */
export const refusedWords = (glossary: string): Refusal[] => {
  const paragraph = /^Not: ([\s\S]*?)\n\n/m.exec(glossary)?.[1] ?? ''
  return paragraph.split(';').flatMap(part => {
    const language = part.trim().slice(0, 2)
    return [...part.matchAll(/`([^`]+)`/g)].map(([, word]) => ({
      language,
      pattern: new RegExp(RegExp.escape(word!), 'u'),
      why: `says "${word}": docs/glossary.md has another word for it`,
    }))
  })
}

/** What is wrong with how texts are worded: words that the glossary refuses, spaces and signs of another language. */
export const judgeWording = (namespaces: readonly Namespace[], glossary: string): string[] => {
  const words = refusedWords(glossary)
  if (words.length === 0) return ['docs/glossary.md: refuses no word any more']
  return namespaces.flatMap(({ name, languages }) =>
    [...WRITING, ...words].flatMap(({ language, pattern, why }) =>
      Object.entries(languages[language] ?? {})
        .filter(([, text]) => pattern.test(text))
        .map(([key]) => `${name} ${language}: ${key} ${why}`),
    ),
  )
}
