/*
 * Text as ISO 20022 files carry it: XML 1.0 in UTF-8, with lengths counted in characters (code points), and a
 * narrow alphabet for identifiers, which must survive every system between us and the payee's bank.
 */

/**
 * What cannot stay as it is: control characters, line ends and characters that Unicode keeps out of texts; half
 * surrogates; marks that turn the writing direction, which make one name look like another; a stray byte order
 * mark; outer and repeated spaces. Most texts have none of it and are left alone.
 */
const SUSPECT =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069\ufeff]|^ | $| {2}/u
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu
const MISLEADING = /[\u202a-\u202e\u2066-\u2069\ufeff]/g

/**
 * The text on one line, of at most `max` characters, without anything XML cannot carry (a half surrogate
 * becomes U+FFFD) or a reader cannot see. May be empty. The scripts of the world pass as they are.
 */
export const printable = (text: string, max: number): string => {
  const line = SUSPECT.test(text)
    ? text.toWellFormed().replace(MISLEADING, '').replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim()
    : text
  return line.length <= max ? line : firstCharacters(line, max).trimEnd()
}

/** A text of n UTF-16 units has at least n / 2 characters. */
const firstCharacters = (text: string, count: number) =>
  Array.from(text.slice(0, 2 * count))
    .slice(0, count)
    .join('')

/** Text as XML character data. */
export const escapeXml = (text: string): string =>
  /[&<>]/.test(text) ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : text

/**
 * Whether an identifier passes every payment system unchanged: 1 to 35 characters of the SWIFT character set
 * without the space, no slash at either end and no two in a row (EPC 217-08, section 1.4).
 */
export const isIdentifier = (text: string): boolean =>
  /^[A-Za-z0-9/\-?:().,'+]{1,35}$/.test(text) &&
  !text.startsWith('/') &&
  !text.endsWith('/') &&
  !text.includes('//')
