/** What a cell says, or why it cannot be read. */
export type Parsed<T> = { value: T } | { code: string; message: string }

export const refused = (code: string, message: string): { code: string; message: string } => ({
  code,
  message,
})

/** Zeros of the digits that people type in: Arabic-Indic, Persian, Devanagari, Bengali, Myanmar, Khmer, full width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0x1040, 0x17e0, 0xff10]

/** A text with digits of other scripts as 0–9. */
export const asciiDigits = (text: string): string =>
  text.replace(/[^\P{Nd}0-9]/gu, digit => {
    const code = digit.codePointAt(0)!
    const zero = ZEROS.find(z => code >= z && code < z + 10)
    return zero === undefined ? digit : String(code - zero)
  })

/** Control characters, and the marks that make text display in another order than it is stored. */
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u

/**
 * A name or other free text: composed (NFC), trimmed, white space of any kind as one space. Refused: control
 * characters and direction overrides (text-control), and more than `maxChars` (text-length).
 */
export const parseText = (cell: string, maxChars = 200): Parsed<string> => {
  const text = cell.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (UNSEEN.test(text)) return refused('text-control', 'The text has unseen control characters in it.')
  if (text.length > maxChars) return refused('text-length', `The text is longer than ${maxChars} characters.`)
  return { value: text }
}
