import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { GroupReport, TransactionReport } from '#core/ports/payments.ts'
import { createPain002Reader } from './pain-002.ts'
import { schemaErrors } from './schema.testing.ts'

const reader = createPain002Reader()

const chunked = async function* (bytes: Uint8Array, sizes: Iterable<number> = [bytes.length]) {
  let at = 0
  for (const size of sizes) {
    yield bytes.subarray(at, at + size)
    at += size
  }
  yield bytes.subarray(at)
}

const read = async (xml: string, sizes?: Iterable<number>) => {
  const items: (GroupReport | TransactionReport)[] = []
  for await (const item of reader.read(chunked(Buffer.from(xml), sizes))) items.push(item)
  return items
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10'
const report = (groups: string, ofFile = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="${NAMESPACE}"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R-1</MsgId><CreDtTm>2027-02-01T08:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>PB-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${ofFile}</OrgnlGrpInfAndSts>
${groups}</CstmrPmtStsRpt></Document>`
const group = (id: string, inside: string) =>
  `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${id}</OrgnlPmtInfId>${inside}</OrgnlPmtInfAndSts>\n`
const transaction = (inside: string) => `<TxInfAndSts>${inside}</TxInfAndSts>\n`
const reason = (code: string, ...words: string[]) =>
  `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn>${words.map(w => `<AddtlInf>${w}</AddtlInf>`).join('')}</StsRsnInf>`
const amount = (currency: string, text: string) =>
  `<OrgnlTxRef><Amt><InstdAmt Ccy="${currency}">${text}</InstdAmt></Amt></OrgnlTxRef>`

const FULL = report(
  group(
    'PB-1-1',
    transaction(
      '<StsId>S1</StsId><OrgnlInstrId>I1</OrgnlInstrId><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>ACSC</TxSts>' +
        amount('KES', '123.45'),
    ) +
      transaction(
        `<OrgnlEndToEndId>E2</OrgnlEndToEndId><TxSts>RJCT</TxSts>${reason('AC04', 'Account &lt;closed&gt;', 'since 2025')}`,
      ),
  ) + group('PB-1-2', `<PmtInfSts>RJCT</PmtInfSts>${reason('DT01')}`),
  '<GrpSts>PART</GrpSts>',
)

const outcome = (over: object) => ({ reasonCode: undefined, reasonText: undefined, ...over })

describe('A pain.002 report', () => {
  it('is read item by item: the file, each group that has a status, each transaction', async () => {
    const ofFile = { reportId: 'R-1', messageId: 'PB-1' }
    const none = { instructionId: undefined, amountMinor: undefined, currency: undefined }
    assert.deepEqual(await read(FULL), [
      outcome({ kind: 'group', ...ofFile, groupId: undefined, status: 'pending', nativeStatus: 'PART' }),
      outcome({
        kind: 'transaction',
        endToEndId: 'E1',
        instructionId: 'I1',
        status: 'settled',
        nativeStatus: 'ACSC',
        amountMinor: 12_345n,
        currency: 'KES',
        line: 5,
      }),
      {
        ...none,
        kind: 'transaction',
        endToEndId: 'E2',
        status: 'rejected',
        nativeStatus: 'RJCT',
        reasonCode: 'AC04',
        reasonText: 'Account <closed> since 2025',
        line: 6,
      },
      outcome({
        kind: 'group',
        ...ofFile,
        groupId: 'PB-1-2',
        status: 'rejected',
        nativeStatus: 'RJCT',
        reasonCode: 'DT01',
      }),
    ])
  })

  it('as these tests write it is valid by the official schema', function () {
    const errors = schemaErrors('pain.002.001.10', [FULL])
    if (errors === undefined) return this.skip()
    assert.equal(errors, '')
  })

  it('reads the same however the bytes are cut', async () => {
    const whole = await read(FULL)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 }), async sizes => {
        assert.deepEqual(await read(FULL, sizes), whole)
      }),
    )
    assert.deepEqual(await read(FULL, Array(FULL.length).fill(1)), whole)
  })

  it('maps the statuses it knows, and takes no other for success or failure', async () => {
    const statuses = {
      ACSC: 'settled',
      ACCC: 'settled',
      ACSP: 'accepted',
      ACTC: 'accepted',
      ACCP: 'accepted',
      PDNG: 'pending',
      RCVD: 'pending',
      CANC: 'pending',
      rjct: 'pending',
      ZZZZ: 'pending',
      constructor: 'pending',
      RJCT: 'rejected',
    }
    const codes = Object.keys(statuses)
    const items = await read(report(group('G', codes.map(c => transaction(`<TxSts>${c}</TxSts>`)).join(''))))
    assert.deepEqual(
      items.slice(1).map(i => i.status),
      Object.values(statuses),
    )
    assert.deepEqual(
      items.slice(1).map(i => i.nativeStatus),
      codes,
    )
  })

  it('gives a transaction without a status that of its group, else that of the file, with its reason', async () => {
    const bare = transaction('<OrgnlEndToEndId>E</OrgnlEndToEndId><TxSts/>')
    const own = transaction('<TxSts>ACSC</TxSts>')
    const rejectedFile = `<GrpSts>RJCT</GrpSts>${reason('FF01')}`
    const inGroup = group('G', `<PmtInfSts>ACSP</PmtInfSts>${bare}${own}`)
    const [, , fromGroup, fromItself, fromFile] = await read(report(inGroup + group('H', bare), rejectedFile))
    assert.deepEqual([fromGroup!.status, fromGroup!.reasonCode], ['accepted', undefined])
    assert.deepEqual([fromItself!.status, fromItself!.reasonCode], ['settled', undefined])
    assert.deepEqual([fromFile!.status, fromFile!.reasonCode], ['rejected', 'FF01'])

    const [, unsaid] = await read(report(group('G', bare)))
    assert.deepEqual([unsaid!.status, unsaid!.nativeStatus], ['pending', undefined])
  })

  it('passes over what it does not know, and is not misled by it', async () => {
    const decoy = '<TxSts>RJCT</TxSts><OrgnlEndToEndId>WRONG</OrgnlEndToEndId>'
    const [, item, ...more] = await read(
      report(
        group(
          'G',
          `<Unknown a="1">${transaction(decoy)}</Unknown>` +
            transaction(
              `<x:TxSts xmlns:x="urn:bank">RJCT</x:TxSts><SplmtryData><Envlp>${decoy}</Envlp></SplmtryData>` +
                `<!-- ${decoy} --><?bank ${decoy}?><__proto__>RJCT</__proto__>` +
                `<OrgnlEndToEndId><![CDATA[E1]]></OrgnlEndToEndId><TxSts> AC<!-- -->SC\n</TxSts>`,
            ),
        ),
      ),
    )
    assert.ok(item?.kind === 'transaction')
    assert.deepEqual([item.endToEndId, item.status, more.length], ['E1', 'settled', 0])
  })

  it('is known by its namespace, not by its prefix', async () => {
    const prefixed = FULL.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1p:').replace('xmlns=', 'xmlns:p=')
    assert.deepEqual(await read(prefixed), await read(FULL))
  })

  it('keeps the first reason and a bounded part of the words', async () => {
    const many = reason('AC04', 'a'.repeat(105)) + reason('AC01', ...Array(100).fill('b'.repeat(105)))
    const [, item] = await read(report(group('G', transaction(`<TxSts>RJCT</TxSts>${many}`))))
    assert.equal(item!.reasonCode, 'AC04')
    assert.equal(item!.reasonText!.length, 500)
  })

  it('reads amounts exactly, with needless zeros or without', async () => {
    for (const [currency, text, minor] of [
      ['KES', '123.45', 12_345n],
      ['KES', '100', 10_000n],
      ['KES', '100.5', 10_050n],
      ['KES', '100.500', 10_050n],
      ['UGX', '12345.00', 12_345n],
      ['UGX', '100', 100n],
      ['IQD', '0.001', 1n],
    ] as const) {
      const [, item] = await read(report(group('G', transaction(amount(currency, text)))))
      assert.ok(item?.kind === 'transaction')
      assert.equal(item.amountMinor, minor, text)
    }
  })

  it('is refused when it contradicts itself or lacks what it is about', async () => {
    const twice = '<TxSts>RJCT</TxSts><TxSts>ACSC</TxSts>'
    const original = '<OrgnlGrpInfAndSts><OrgnlMsgId>PB-2</OrgnlMsgId></OrgnlGrpInfAndSts>'
    for (const [xml, words] of [
      [report(group('G', transaction(twice))), /two values.*status\. \(line 5, column \d+\)/],
      [report(group('G', transaction('<TxSts>AC<b/>SC</TxSts>'))), /only text is allowed/],
      [report(group('G', transaction(`<TxSts>${'<!-- -->A'.repeat(2000)}</TxSts>`))), /far longer/],
      [report(original), /more than one file/],
      [report(group('G', transaction(amount('UGX', '1.5')))), /amount/],
      [report(group('G', transaction(amount('KES', '1e3')))), /amount/],
      [report(group('G', transaction(amount('KES', '1').replace(/ Ccy="KES"/, '')))), /no currency/],
      [report(group('G', transaction(amount('KES', '-5')))), /amount/],
      [report('').replace(/<GrpHdr>.*<\/GrpHdr>/, ''), /no GrpHdr\/MsgId/],
      [report('').replace(/<OrgnlGrpInf.*<\/OrgnlGrpInfAndSts>/, ''), /no OrgnlGrpInfAndSts\/OrgnlMsgId/],
      [`<Document xmlns="${NAMESPACE}"/>`, /no OrgnlGrpInfAndSts\/OrgnlMsgId/],
    ] as const)
      await assert.rejects(read(xml), { name: 'DomainError', code: 'invalid', message: words })
  })
})

describe('A reason code', () => {
  it('is explained with its cause and its cure', () => {
    const of = (code?: string) => [reader.explain(code).cause, reader.explain(code).repair]
    assert.deepEqual(of('AC01'), ['wrong_account', 'change_account'])
    assert.deepEqual(of('AC04'), ['closed_account', 'change_account'])
    assert.deepEqual(of('AC06'), ['blocked', 'review'])
    assert.deepEqual(of('AM04'), ['insufficient_funds', 'fund_and_retry'])
    assert.deepEqual(of('AB08'), ['provider_down', 'retry'])
    assert.deepEqual(of('MS03'), ['unknown', 'review'])
    assert.match(reader.explain('AC04').words, /closed/)
  })

  it('that is absent, unknown or says "duplicate" is never cured by a retry', () => {
    for (const code of [undefined, 'ZZ99', 'toString', 'AM05', 'DU01', 'DU03', 'DU04'])
      assert.equal(reader.explain(code).repair, 'review')
  })
})
