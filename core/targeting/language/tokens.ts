import { Halt } from './problems.ts'
import type { Span } from './syntax.ts'

export type Token = Span & {
  kind: 'name' | 'keyword' | 'int' | 'double' | 'string' | 'symbol' | 'end'
  /** The name or symbol as written, the digits of a number, or the characters a string stands for. */
  text: string
}

const KEYWORDS = new Set(['true', 'false', 'null', 'in'])
const RESERVED = new Set(
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)
const SYMBOLS = ['&&', '||', '==', '!=', '<=', '>=', ...'< > + - * / % ! ? : . , ( ) [ ] { }'.split(' ')]
const ESCAPES: Record<string, string> = {
  a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '?': '?', '"': '"', "'": "'", '`': '`',
} // biome-ignore format: a table

const SPACE = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /(?:[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?/y
const HEX = /0x[0-9a-fA-F]+/y
const QUOTE = /([rRbB]{0,2})("""|'''|"|')/y
const ESCAPE =
  /\\(?:x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))/suy

const at = (pattern: RegExp, source: string, offset: number): RegExpExecArray | null => {
  pattern.lastIndex = offset
  return pattern.exec(source)
}

const wrong = (start: number, end: number, detail: string, hint?: string) =>
  new Halt({ start, end, code: 'syntax', detail, hint })

/** The character an escape sequence stands for. */
const escapedText = (match: RegExpExecArray): string => {
  const hex = match[1] ?? match[2] ?? match[3] ?? match[4]
  const point =
    hex !== undefined ? Number.parseInt(hex, 16) : match[5] ? Number.parseInt(match[5], 8) : undefined
  const [start, end] = [match.index, match.index + match[0].length]
  if (point === undefined) {
    const character = ESCAPES[match[6]!]
    if (character === undefined)
      throw wrong(start, end, `"${match[0]}" is no escape sequence.`, 'A backslash itself is written "\\\\".')
    return character
  }
  if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
    throw wrong(start, end, `"${match[0]}" is not a character.`)
  return String.fromCodePoint(point)
}

const readString = (source: string, start: number, open: RegExpExecArray): Token => {
  const [, prefix, quote] = open as unknown as [string, string, string]
  if (/b/i.test(prefix))
    throw wrong(start, start + 2, 'Bytes cannot be used in a rule.', 'Write a string instead.')
  const raw = /r/i.test(prefix)
  let text = ''
  let i = start + prefix.length + quote.length
  while (!source.startsWith(quote, i)) {
    const character = source[i]
    if (character === undefined || (quote.length === 1 && character === '\n'))
      throw wrong(start, i, 'This string is not closed.', `It needs ${quote} at its end.`)
    const escaped = character === '\\' && !raw ? at(ESCAPE, source, i) : null
    if (character === '\\' && !raw && !escaped) throw wrong(i, i + 1, 'This escape sequence is not complete.')
    text += escaped ? escapedText(escaped) : character
    i += escaped ? escaped[0].length : 1
  }
  // Neither can be stored, and so never be found, in the database.
  if (text.includes('\0') || !text.isWellFormed())
    throw wrong(start, i, 'This string holds a character that no recorded text can hold.')
  return { kind: 'string', text, start, end: i + quote.length }
}

const readNumber = (source: string, start: number, match: RegExpExecArray): Token => {
  const end = start + match[0].length
  const after = source[end]
  if (after === 'u' || after === 'U')
    throw wrong(start, end + 1, 'Unsigned integers cannot be used in a rule.', `Write ${match[0]} instead.`)
  if (after !== undefined && /[A-Za-z0-9_]/.test(after))
    throw wrong(start, end + 1, `"${source.slice(start, end + 1)}" is not a number.`)
  return { kind: /[.eE]/.test(match[0]) ? 'double' : 'int', text: match[0], start, end }
}

const readToken = (source: string, start: number): Token => {
  const quote = at(QUOTE, source, start)
  if (quote) return readString(source, start, quote)
  const name = at(NAME, source, start)?.[0]
  if (name !== undefined) {
    const end = start + name.length
    if (RESERVED.has(name)) throw wrong(start, end, `"${name}" is a reserved word and cannot be a name.`)
    return { kind: KEYWORDS.has(name) ? 'keyword' : 'name', text: name, start, end }
  }
  const hex = at(HEX, source, start)
  if (hex) return { ...readNumber(source, start, hex), kind: 'int', text: BigInt(hex[0]).toString() }
  const number = at(NUMBER, source, start)
  if (number) return readNumber(source, start, number)
  const symbol = SYMBOLS.find(s => source.startsWith(s, start))
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, start, end: start + symbol.length }
  const character = String.fromCodePoint(source.codePointAt(start)!)
  const meant: Record<string, string> = { '=': 'Write "==".', '&': 'Write "&&".', '|': 'Write "||".' }
  throw wrong(
    start,
    start + character.length,
    `"${character}" has no meaning here.`,
    meant[character] ?? (/[“”„‘’«»]/.test(character) ? 'Strings stand in straight quotes: "…".' : undefined),
  )
}

/** Splits an expression into tokens (CEL language definition, section "Syntax"). Throws `Halt`. */
export const tokenize = (source: string): Token[] => {
  const tokens: Token[] = []
  let offset = 0
  while (true) {
    offset += at(SPACE, source, offset)?.[0].length ?? 0
    if (offset >= source.length) break
    const token = readToken(source, offset)
    tokens.push(token)
    offset = token.end
  }
  return [...tokens, { kind: 'end', text: '', start: source.length, end: source.length }]
}
