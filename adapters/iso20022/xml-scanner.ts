import { SaxesParser, type SaxesTagNS } from 'saxes'
import { DomainError, type ErrorCode } from '#core/kernel/index.ts'

/**
 * How much of a file is looked at before it is refused. Legitimate reports stay far below; the two totals leave
 * room for ten million transactions.
 */
export type XmlLimits = {
  bytes: number
  elements: number
  depth: number
  /** On one element, namespace declarations included. */
  attributes: number
  /** Characters of one attribute value or one run of text. */
  text: number
}

export const XML_LIMITS: XmlLimits = {
  bytes: 2 ** 34,
  elements: 400_000_000,
  depth: 40,
  attributes: 16,
  text: 10_000,
}

/** What the reader of a message is told. Elements of other namespaces have the name `''`. */
export type XmlEvents = {
  open: (name: string, attributes: Attributes) => void
  text: (run: string) => void
  close: () => void
}

export type Attributes = Readonly<Record<string, { value: string } | undefined>>

export type XmlScanner = {
  write: (bytes: Uint8Array) => void
  /** Says that nothing follows. Throws when the document is not complete. */
  end: () => void
  /** The line the scanner is on, from 1. */
  line: () => number
  /** An error about what is at this place. */
  fail: (code: ErrorCode, rule: string, message: string) => DomainError
}

/** The parser keeps a token until it is complete, so no token may be longer than this many bytes. */
const TOKEN = 1 << 17

/**
 * Reads XML from outside piece by piece: one message in one namespace, UTF-8, no DOCTYPE (so no entities but the
 * five of XML itself), within limits. Every error is a `DomainError` that names line and column; `rule` is
 * `xml-truncated`, `xml-malformed`, `xml-doctype`, `xml-encoding`, `xml-other-message` or `xml-limit`.
 */
export const createXmlScanner = (namespace: string, events: XmlEvents, limits: XmlLimits): XmlScanner => {
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  let sinceToken = 0
  let elements = 0
  let depth = 0

  const fail = (code: ErrorCode, rule: string, message: string) =>
    new DomainError(code, `${message} (line ${parser.line}, column ${parser.column})`, { rule })

  const within = (limit: keyof XmlLimits, used: number) => {
    if (used > limits[limit])
      throw fail('too_large', 'xml-limit', `The file has more than ${LIMIT_WORDS[limit](limits[limit])}.`)
  }

  const assertMessage = (tag: SaxesTagNS) => {
    const encoding = parser.xmlDecl.encoding ?? 'UTF-8'
    if (!/^(?:utf-8|us-ascii)$/i.test(encoding))
      throw fail(
        'invalid',
        'xml-encoding',
        `The file says it is in ${quoted(encoding)}; it must be in UTF-8.`,
      )
    if (tag.local === 'Document' && tag.uri === namespace) return
    throw fail(
      'unsupported',
      'xml-other-message',
      `The file is not a message of ${namespace}: it begins with ${quoted(tag.local)} of ${quoted(tag.uri)}.`,
    )
  }

  const text = (run: string) => {
    sinceToken = 0
    within('text', run.length)
    if (depth > 0) events.text(run)
  }

  // Five handlers and no more: with seven, V8 gives up on the parser's object and parsing takes four times as long.
  parser.on('doctype', () => {
    throw fail('invalid', 'xml-doctype', 'The file has a DOCTYPE, which is not allowed.')
  })
  parser.on('opentag', tag => {
    sinceToken = 0
    within('elements', ++elements)
    within('depth', ++depth)
    let attributes = 0
    for (const name in tag.attributes) {
      within('attributes', ++attributes)
      within('text', tag.attributes[name]!.value.length)
    }
    if (elements === 1) assertMessage(tag)
    events.open(tag.uri === namespace ? tag.local : '', tag.attributes)
  })
  parser.on('closetag', () => {
    sinceToken = 0
    depth -= 1
    events.close()
  })
  parser.on('text', text)
  parser.on('cdata', text)

  /** Feeds the parser, and says in our words what it does not like. */
  const parse = (piece: string | null, rule: string, problem: string) => {
    try {
      parser.write(piece)
    } catch (error) {
      if (!(error instanceof Error) || error instanceof DomainError) throw error
      const detail = error.message.replace(/^\d+:\d+: |\.$/g, '').slice(0, 200)
      throw fail('invalid', rule, `${problem}: ${detail}.`)
    }
  }

  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch {
      throw chunk
        ? fail('invalid', 'xml-encoding', 'The file is not in UTF-8 at or after this place.')
        : fail('invalid', 'xml-truncated', 'The file ends in the middle of a character.')
    }
  }

  return {
    write: chunk => {
      bytes += chunk.length
      within('bytes', bytes)
      sinceToken += chunk.length
      parse(decode(chunk), 'xml-malformed', 'The file is not well-formed XML')
      if (sinceToken > TOKEN)
        throw fail('too_large', 'xml-limit', 'The file has a name, a tag, a text or a comment without end.')
    },
    end: () => {
      decode()
      parse(null, 'xml-truncated', 'The file ends before it is complete')
    },
    line: () => parser.line,
    fail,
  }
}

const LIMIT_WORDS: Record<keyof XmlLimits, (limit: number) => string> = {
  bytes: n => `${n} bytes`,
  elements: n => `${n} elements`,
  depth: n => `${n} levels of elements`,
  attributes: n => `${n} attributes on one element`,
  text: n => `${n} characters in one text`,
}

/** What somebody else wrote, in a message: short, on one line. */
const quoted = (text: string) => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
