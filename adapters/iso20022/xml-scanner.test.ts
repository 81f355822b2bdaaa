import assert from 'node:assert/strict'
import { DomainError } from '#core/kernel/index.ts'
import { createPain002Reader } from './pain-002.ts'
import { XML_LIMITS } from './xml-scanner.ts'

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10'
const OPEN =
  `<Document xmlns="${NAMESPACE}"><CstmrPmtStsRpt><GrpHdr><MsgId>R</MsgId></GrpHdr>` +
  '<OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId></OrgnlGrpInfAndSts>'
const CLOSE = '</CstmrPmtStsRpt></Document>'

/** How a file ends: with nothing, or with the rule it breaks. */
const broken = async (
  source: string | Uint8Array | AsyncIterable<Uint8Array>,
  limits = XML_LIMITS,
): Promise<{ rule: string | undefined; message: string } | undefined> => {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  const chunks = bytes instanceof Uint8Array ? [bytes] : bytes
  try {
    for await (const _ of createPain002Reader(limits).read(streamOf(chunks)));
    return undefined
  } catch (error) {
    assert.ok(error instanceof DomainError, `a DomainError, not ${String(error)}`)
    assert.match(error.message, /\(line \d+, column \d+\)$/)
    return { rule: error.rule, message: error.message }
  }
}

async function* streamOf(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  yield* chunks
}

const ruleOf = async (...of: Parameters<typeof broken>) => (await broken(...of))?.rule

/** A file that would go on for ever, and how much of it was taken. */
const endless = (start: string, again: string) => {
  const chunk = Buffer.from(again.repeat(Math.ceil(20_000 / again.length)))
  const taken = { bytes: 0 }
  const source = (async function* () {
    yield Buffer.from(start)
    for (;;) {
      taken.bytes += chunk.length
      yield chunk
    }
  })()
  return { source, taken }
}

describe('XML from outside', () => {
  it('is accepted when there is nothing wrong with it', async () => {
    assert.equal(await broken(OPEN + CLOSE), undefined)
    assert.equal(
      await broken(`\ufeff<?xml version='1.0' encoding='utf-8'?>\r\n${OPEN}${CLOSE}\n\n`),
      undefined,
    )
  })

  it('may not have a DOCTYPE, hence no entity of its own, near or far', async () => {
    const laughs =
      '<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
    for (const doctype of [
      '<!DOCTYPE Document>',
      '<!DOCTYPE Document SYSTEM "http://127.0.0.1/x.dtd">',
      '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      laughs,
    ])
      assert.equal(
        await ruleOf(`<?xml version="1.0"?>${doctype}${OPEN}<X>&a;&c;&x;</X>${CLOSE}`),
        'xml-doctype',
      )
    assert.equal(await ruleOf(`${OPEN}<X>&a;</X>${CLOSE}`), 'xml-malformed')
  })

  it('must be the message expected, by its exact namespace', async () => {
    for (const namespace of [
      NAMESPACE.replace('.10', '.03'),
      `${NAMESPACE} `.trim() + '/',
      NAMESPACE.toUpperCase(),
      '',
    ])
      assert.equal(await ruleOf((OPEN + CLOSE).replace(NAMESPACE, namespace)), 'xml-other-message')
    assert.equal(await ruleOf('<html/>'), 'xml-other-message')
    assert.equal(await ruleOf((OPEN + CLOSE).replaceAll('Document', 'Other')), 'xml-other-message')
    const { message } = (await broken('<Document xmlns="urn:other"/>'))!
    assert.match(message, /pain\.002\.001\.10.*"Document" of "urn:other"/)
  })

  it('must be whole: cut anywhere, it is refused, with what is missing and where', async () => {
    const file = `<?xml version="1.0"?>\n${OPEN}<OrgnlPmtInfAndSts><!-- é --><TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>${CLOSE}`
    const bytes = Buffer.from(file)
    for (let length = 0; length < bytes.length; length += 1)
      assert.equal(await ruleOf(bytes.subarray(0, length)), 'xml-truncated', `cut at ${length}`)
    assert.equal(await broken(bytes), undefined)
    assert.equal(await ruleOf(Buffer.concat([bytes, Buffer.from([0xc3])])), 'xml-truncated')
    const { message } = (await broken(`${OPEN}\n<A>`))!
    assert.match(message, /ends before it is complete: unclosed tag: A.*\(line 2, column 3\)/)
  })

  it('must be well-formed', async () => {
    for (const file of [
      'id,status\n1,ok\n',
      '%PDF-1.7',
      '{"Document":{}}',
      `${OPEN}<A></B>${CLOSE}`,
      `${OPEN}<A a="1" a="2"/>${CLOSE}`,
      `${OPEN}<x:A/>${CLOSE}`,
      `${OPEN}\u0001${CLOSE}`,
      `${OPEN}&#0;${CLOSE}`,
      `${OPEN}${CLOSE}<Document/>`,
      `${OPEN}${CLOSE}more`,
    ])
      assert.equal(await ruleOf(file), 'xml-malformed', file)
  })

  it('must be in UTF-8 and say so, if it says anything', async () => {
    const file = `<?xml version="1.0" encoding="UTF-16"?>${OPEN}${CLOSE}`
    assert.equal(await ruleOf(file), 'xml-encoding')
    assert.equal(await ruleOf(file.replace('UTF-16', 'ISO-8859-1')), 'xml-encoding')
    assert.equal(await ruleOf(Buffer.from(`\ufeff${file}`, 'utf16le')), 'xml-encoding')
    assert.equal(await ruleOf(Buffer.from(file, 'utf16le')), 'xml-malformed')
    assert.equal(await ruleOf(Buffer.from(`${OPEN}<N>Zoé</N>${CLOSE}`, 'latin1')), 'xml-encoding')
    assert.equal(
      await ruleOf(Buffer.concat([Buffer.from(OPEN), Buffer.from([0xed, 0xa0, 0x80])])),
      'xml-encoding',
    )
  })

  it('is refused at its limits, not after them', async () => {
    const cases = [
      ['deep nesting', OPEN, '<A>'],
      ['a giant text', `${OPEN}<A>`, 'x'],
      ['giant blank space', OPEN, ' '],
      ['a giant name', `${OPEN}<`, 'x'],
      ['a giant attribute', `${OPEN}<A a="`, 'x'],
      ['a giant comment', `${OPEN}<!--`, 'x'],
      ['a giant instruction', `${OPEN}<?x `, 'x'],
      ['a giant CDATA section', `${OPEN}<A><![CDATA[`, 'x'],
      ['a giant DOCTYPE', '<!DOCTYPE x [', ' '],
      ['a giant entity name', `${OPEN}&`, 'x'],
    ] as const
    for (const [what, start, again] of cases) {
      const { source, taken } = endless(start, again)
      assert.equal(await ruleOf(source), 'xml-limit', what)
      assert.ok(taken.bytes < 250_000, `${what}: ${taken.bytes} bytes`)
    }
    const { source } = endless(`${OPEN}<A `, 'x')
    assert.equal(await ruleOf(source), 'xml-limit')
    const attributes = Array.from({ length: 17 }, (_, i) => `a${i}=""`).join(' ')
    assert.equal(await ruleOf(`${OPEN}<A ${attributes}/>${CLOSE}`), 'xml-limit')
    assert.equal(await ruleOf(`${OPEN}<A a="${'x'.repeat(10_001)}"/>${CLOSE}`), 'xml-limit')
    assert.equal(await ruleOf(`${OPEN}<A>${'x'.repeat(10_001)}</A>${CLOSE}`), 'xml-limit')
    assert.equal(await ruleOf(`${OPEN}${'<A>'.repeat(39)}`), 'xml-limit')
  })

  it('has limits on its elements and its size as a whole', async () => {
    const file = `${OPEN}<A/>${CLOSE}`
    assert.equal(await ruleOf(file, { ...XML_LIMITS, elements: 7 }), undefined)
    assert.equal(await ruleOf(file, { ...XML_LIMITS, elements: 6 }), 'xml-limit')
    assert.equal(await ruleOf(file, { ...XML_LIMITS, bytes: file.length }), undefined)
    assert.equal(await ruleOf(file, { ...XML_LIMITS, bytes: file.length - 1 }), 'xml-limit')
  })
})
