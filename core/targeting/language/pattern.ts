import { RE2JS } from 're2js'

/**
 * A regular expression of the subset that RE2 (the interpreter, RE2JS) and PostgreSQL's automaton match
 * alike and in linear time: literals, `.`, sets, `\d \w \s`, groups, alternatives, `* + ? {n,m}`, and the
 * ends of the text. Only whether something matches counts, so lazy and greedy are the same.
 */
export type Pattern = { source: string; re2: RE2JS; postgres: string }

/** What is wrong with a regular expression, for people. */
export class PatternError extends Error {}

const MAX_LENGTH = 200
const MAX_REPEAT = 100
const MAX_DEPTH = 20
/** Parts once every `{n,m}` is written out: keeps both engines' automata small. */
const MAX_WEIGHT = 1000

/** RE2's classes are ASCII; PostgreSQL's depend on the locale, so they are spelt out. */
const CLASSES = new Map([
  ['d', '0-9'],
  ['w', 'A-Za-z0-9_'],
  ['s', '\\t\\n\\f\\r\\u0020'],
])
const CONTROLS = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['f', '\f'],
  ['v', '\v'],
])

const refuse = (what: string): never => {
  throw new PatternError(what)
}

type Cursor = { text: readonly string[]; at: number; depth: number }
type Part = { sql: string; weight: number }

/** One character, so written that PostgreSQL takes it for itself, inside a set or outside. */
const literal = (character: string): string => {
  const point = character.codePointAt(0)!
  return /^[A-Za-z0-9]$/.test(character) || point > 126
    ? character
    : `\\u${point.toString(16).padStart(4, '0')}`
}

/** The character that `\x` stands for, when it is one. */
const escapedCharacter = (letter: string): string => {
  const control = CONTROLS.get(letter)
  if (control !== undefined) return control
  if (/^[A-Za-z0-9]$/.test(letter) || letter.codePointAt(0)! > 126)
    refuse(`"\\${letter}" is not supported here.`)
  return letter
}

const alternatives = (cursor: Cursor): Part => {
  const branches = [branch(cursor)]
  while (cursor.text[cursor.at] === '|') {
    cursor.at++
    branches.push(branch(cursor))
  }
  return { sql: branches.map(b => b.sql).join('|'), weight: branches.reduce((sum, b) => sum + b.weight, 1) }
}

const branch = (cursor: Cursor): Part => {
  let sql = ''
  let weight = 0
  while (cursor.at < cursor.text.length && !'|)'.includes(cursor.text[cursor.at]!)) {
    const part = atom(cursor)
    const times = repetition(cursor, part.sql === '^' || part.sql === '$')
    sql += part.sql + times.sql
    weight += part.weight * times.weight
    if (weight > MAX_WEIGHT) refuse('it repeats too much.')
  }
  return { sql, weight }
}

const repetition = (cursor: Cursor, anchor: boolean): Part => {
  const ahead = cursor.text.slice(cursor.at, cursor.at + 12).join('')
  const found = /^(?:[*+?]|\{(\d{1,4})(,(\d{0,4}))?\})/.exec(ahead)
  if (!found) {
    if (ahead.startsWith('{')) refuse('write "\\{" for a brace that is no repetition.')
    return { sql: '', weight: 1 }
  }
  if (anchor) refuse('"^" and "$" cannot be repeated.')
  cursor.at += found[0].length
  if (cursor.text[cursor.at] === '?') cursor.at++
  if (/^[*+?{]/.test(cursor.text[cursor.at] ?? '')) refuse('two repetitions follow each other.')
  if (found[1] === undefined) return { sql: found[0], weight: 2 }
  const least = Number(found[1])
  const most = found[3] ? Number(found[3]) : least
  if (Math.max(least, most) > MAX_REPEAT) refuse(`something is repeated at most ${MAX_REPEAT} times.`)
  if (most < least) refuse('a repetition counts from less to more.')
  return { sql: found[0], weight: most + 1 }
}

const atom = (cursor: Cursor): Part => {
  const character = cursor.text[cursor.at++]!
  if (character === '(') return group(cursor)
  if (character === '[') return { sql: set(cursor), weight: 1 }
  if (character === '.') return { sql: '[^\\n]', weight: 1 }
  if (character === '^' || character === '$') return { sql: character, weight: 1 }
  if (character === '\\') return { sql: escapeSequence(cursor), weight: 1 }
  if ('*+?{'.includes(character)) refuse(`there is nothing before "${character}" to repeat.`)
  return { sql: literal(character), weight: 1 }
}

const group = (cursor: Cursor): Part => {
  if (++cursor.depth > MAX_DEPTH) refuse('its brackets are nested too deep.')
  if (cursor.text[cursor.at] === '?') {
    if (cursor.text[cursor.at + 1] !== ':')
      refuse('flags, named groups and looking around are not supported; for any case, compare lowerAscii().')
    cursor.at += 2
  }
  const inner = alternatives(cursor)
  if (cursor.text[cursor.at++] !== ')') refuse('a bracket is not closed.')
  cursor.depth--
  return { sql: `(?:${inner.sql})`, weight: inner.weight }
}

const escapeSequence = (cursor: Cursor): string => {
  const letter = cursor.text[cursor.at++] ?? refuse('it ends in a backslash.')
  if (letter === 'A') return '^'
  if (letter === 'z') return '$'
  const members = CLASSES.get(letter.toLowerCase())
  if (members !== undefined) return CLASSES.has(letter) ? `[${members}]` : `[^${members}]`
  return literal(escapedCharacter(letter))
}

/** After `[`: members and ranges up to `]`. */
const set = (cursor: Cursor): string => {
  const negated = cursor.text[cursor.at] === '^'
  if (negated) cursor.at++
  let members = ''
  do members += setMember(cursor)
  while (cursor.text[cursor.at] !== ']')
  cursor.at++
  return `[${negated ? '^' : ''}${members}]`
}

const setMember = (cursor: Cursor): string => {
  const [character, next] = cursor.text.slice(cursor.at, cursor.at + 2)
  const members = character === '\\' ? CLASSES.get(next ?? '') : undefined
  if (members !== undefined) {
    cursor.at += 2
    return members
  }
  const first = setCharacter(cursor)
  if (cursor.text[cursor.at] !== '-' || cursor.text[cursor.at + 1] === ']') return literal(first)
  cursor.at++
  const last = setCharacter(cursor)
  if (last.codePointAt(0)! < first.codePointAt(0)!) refuse('a range in a set runs from lower to higher.')
  return `${literal(first)}-${literal(last)}`
}

const setCharacter = (cursor: Cursor): string => {
  const character = cursor.text[cursor.at++] ?? refuse('a set is not closed.')
  if (character === '[') refuse('write "\\[" for a bracket in a set; named classes are not supported.')
  if (character === ']') refuse('write "\\]" for a bracket in a set.')
  if (character !== '\\') return character
  return escapedCharacter(cursor.text[cursor.at++] ?? refuse('a set is not closed.'))
}

/** Checks and compiles a regular expression. Throws `PatternError`. */
export const compilePattern = (source: string): Pattern => {
  const cursor: Cursor = { text: Array.from(source), at: 0, depth: 0 }
  if (cursor.text.length > MAX_LENGTH) refuse(`it has at most ${MAX_LENGTH} characters.`)
  const { sql } = alternatives(cursor)
  if (cursor.at < cursor.text.length) refuse('a bracket is closed that was not opened.')
  try {
    // `***:` makes PostgreSQL take the rest as an advanced expression, whatever it begins with.
    return { source, re2: RE2JS.compile(source), postgres: `***:${sql}` }
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : 'it cannot be read.')
  }
}
