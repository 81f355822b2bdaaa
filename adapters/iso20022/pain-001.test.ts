import assert from 'node:assert/strict'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { DomainError, formatMinor, MAX_MINOR } from '#core/kernel/index.ts'
import type { PayableAccount, PaymentFileHeader, PaymentInstruction } from '#core/ports/payments.ts'
import { createPain001Writer } from './pain-001.ts'
import { schemaErrors } from './schema.testing.ts'
import { printable } from './text.ts'

const PER_GROUP = 3
const writer = createPain001Writer({ transactionsPerGroup: PER_GROUP })

const instruction = (over: Partial<PaymentInstruction> = {}): PaymentInstruction => ({
  endToEndId: 'PY-7K3M9-Q2XBD4-1',
  amountMinor: 12_345n,
  currency: 'KES',
  creditor: {
    name: 'Grace Wanjiru',
    account: { kind: 'iban', value: 'GB33BUKB20201555555555', bankCode: 'BUKBGB22' },
  },
  remittance: 'Child grant, January 2027',
  ...over,
})

const headerOf = (
  instructions: readonly PaymentInstruction[],
  over: Partial<PaymentFileHeader> = {},
): PaymentFileHeader => ({
  messageId: 'PB-7K3M9-Q2XBD4',
  created: new Date('2027-01-28T09:00:00Z'),
  requestedExecutionDate: '2027-01-31',
  debtor: {
    name: 'Ministry of Social Protection',
    account: { kind: 'bank_account', value: '001-234/5' },
    agent: '01',
  },
  currency: instructions[0]?.currency ?? 'KES',
  count: instructions.length,
  totalMinor: instructions.reduce((sum, i) => sum + i.amountMinor, 0n),
  ...over,
})

const fileOf = async (
  instructions: readonly PaymentInstruction[],
  header = headerOf(instructions),
  by = writer,
): Promise<string> => {
  const pieces: Buffer[] = []
  for await (const piece of by.write(header, instructions)) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

type Tree = { name: string; text: string; children: Tree[] }

/** An independent look at a file: every element with its text, as any XML parser sees it. */
const parse = (xml: string): Tree => {
  const top: Tree = { name: '', text: '', children: [] }
  const path = [top]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('opentag', tag => {
    const element = { name: tag.local, text: '', children: [] }
    path.at(-1)!.children.push(element)
    path.push(element)
  })
  parser.on('text', text => {
    path.at(-1)!.text += text
  })
  parser.on('closetag', () => path.pop())
  parser.write(xml).close()
  return top
}

const all = (tree: Tree, name: string): Tree[] =>
  tree.children.flatMap(child => [...(child.name === name ? [child] : []), ...all(child, name)])
const only = (tree: Tree, name: string): string => {
  const found = all(tree, name)
  assert.equal(found.length, 1, `${name} stands once`)
  return found[0]!.text
}
const texts = (tree: Tree, name: string) => all(tree, name).map(e => e.text)

const refusal = async (work: Promise<unknown>): Promise<DomainError> => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  )
  assert.ok(error instanceof DomainError, `refused with a DomainError, not ${String(error)}`)
  return error
}

/** Minor units over the decimal text's digits: exact, and by another way than the writer's. */
const minorOf = (decimal: string, exponent: number) => {
  const [whole, fraction = ''] = decimal.split('.')
  assert.equal(fraction.length, exponent, `${decimal} has ${exponent} decimals`)
  return BigInt(whole! + fraction)
}

const scripts = fc.constantFrom(
  'Grace Wanjiru',
  'አበበ በቀለ',
  'محمد عبد الله',
  'নূর জাহান',
  'Nguyễn Thị Ánh',
  '王小明',
  "N'Diaye & Fils <SARL>",
  '𞤀𞤣𞤤𞤢𞤥 🙂',
)
const anyName = fc.oneof(scripts, fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }))

const anyAccount: fc.Arbitrary<PayableAccount> = fc.oneof(
  fc.constant<PayableAccount>({ kind: 'iban', value: 'gb33 BUKB 2020 1555 5555 55' }),
  fc
    .stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9 ./-]{0,32}[A-Za-z0-9])?$/)
    .map(value => ({ kind: 'bank_account' as const, value, bankCode: 'ABCDKENA' })),
  fc
    .stringMatching(/^\+[1-9][0-9]{6,14}$/)
    .map(value => ({ kind: 'mobile_wallet' as const, value, bankCode: 'MPESA' })),
)

const anyInstruction = (currency: string): fc.Arbitrary<PaymentInstruction> =>
  fc.record({
    endToEndId: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9?:().,'+-]{0,33}[A-Za-z0-9]$/),
    amountMinor: fc.bigInt({ min: 1n, max: MAX_MINOR }),
    currency: fc.constant(currency),
    creditor: fc.record({ name: anyName.filter(n => /[\p{L}\p{N}]/u.test(n)), account: anyAccount }),
    remittance: fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 300 })),
  })

const EXPONENT = { KES: 2, UGX: 0, IQD: 3 } as const
const anyFile = fc
  .constantFrom('KES', 'UGX', 'IQD')
  .chain(currency => fc.array(anyInstruction(currency), { minLength: 1, maxLength: 10 }))

describe('A pain.001 file', () => {
  it('has the elements of the message definition, in its order', async () => {
    const wallet = instruction({
      endToEndId: 'E2',
      amountMinor: 1n,
      creditor: {
        name: 'Abebe & <Sons>',
        account: { kind: 'mobile_wallet', value: '+256772123456', bankCode: 'MTN' },
      },
      remittance: '',
    })
    const bank = instruction({
      endToEndId: 'E3',
      creditor: { name: 'Amina', account: { kind: 'bank_account', value: '12 34' } },
    })
    assert.equal(
      (await fileOf([instruction(), wallet, bank])).replaceAll('\n', ''),
      '<?xml version="1.0" encoding="UTF-8"?>' +
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>' +
        '<GrpHdr><MsgId>PB-7K3M9-Q2XBD4</MsgId><CreDtTm>2027-01-28T09:00:00.000Z</CreDtTm>' +
        '<NbOfTxs>3</NbOfTxs><CtrlSum>246.91</CtrlSum>' +
        '<InitgPty><Nm>Ministry of Social Protection</Nm></InitgPty></GrpHdr>' +
        '<PmtInf><PmtInfId>PB-7K3M9-Q2XBD4-1</PmtInfId><PmtMtd>TRF</PmtMtd>' +
        '<NbOfTxs>3</NbOfTxs><CtrlSum>246.91</CtrlSum><ReqdExctnDt><Dt>2027-01-31</Dt></ReqdExctnDt>' +
        '<Dbtr><Nm>Ministry of Social Protection</Nm></Dbtr>' +
        '<DbtrAcct><Id><Othr><Id>001-234/5</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id></DbtrAcct>' +
        '<DbtrAgt><FinInstnId><ClrSysMmbId><MmbId>01</MmbId></ClrSysMmbId></FinInstnId></DbtrAgt>' +
        '<CdtTrfTxInf><PmtId><EndToEndId>PY-7K3M9-Q2XBD4-1</EndToEndId></PmtId>' +
        '<Amt><InstdAmt Ccy="KES">123.45</InstdAmt></Amt>' +
        '<CdtrAgt><FinInstnId><BICFI>BUKBGB22</BICFI></FinInstnId></CdtrAgt>' +
        '<Cdtr><Nm>Grace Wanjiru</Nm></Cdtr><CdtrAcct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></CdtrAcct>' +
        '<RmtInf><Ustrd>Child grant, January 2027</Ustrd></RmtInf></CdtTrfTxInf>' +
        '<CdtTrfTxInf><PmtId><EndToEndId>E2</EndToEndId></PmtId><Amt><InstdAmt Ccy="KES">0.01</InstdAmt></Amt>' +
        '<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>MTN</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>' +
        '<Cdtr><Nm>Abebe &amp; &lt;Sons&gt;</Nm></Cdtr><CdtrAcct><Id><Othr><Id>+256772123456</Id>' +
        '<SchmeNm><Prtry>MSISDN</Prtry></SchmeNm></Othr></Id></CdtrAcct></CdtTrfTxInf>' +
        '<CdtTrfTxInf><PmtId><EndToEndId>E3</EndToEndId></PmtId><Amt><InstdAmt Ccy="KES">123.45</InstdAmt></Amt>' +
        '<Cdtr><Nm>Amina</Nm></Cdtr>' +
        '<CdtrAcct><Id><Othr><Id>12 34</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id></CdtrAcct>' +
        '<RmtInf><Ustrd>Child grant, January 2027</Ustrd></RmtInf></CdtTrfTxInf>' +
        '</PmtInf></CstmrCdtTrfInitn></Document>',
    )
  })

  it('is valid by the official schema, whatever the names and amounts', async function () {
    const samples = fc.sample(anyFile, 60)
    const files = await Promise.all(samples.map(sample => fileOf(sample)))
    const errors = schemaErrors('pain.001.001.09', files)
    if (errors === undefined) return this.skip()
    assert.equal(errors, '')
  })

  it('gives back every instruction, exact in amount and unchanged in name, in any script', () =>
    fc.assert(
      fc.asyncProperty(anyFile, async instructions => {
        const transactions = all(parse(await fileOf(instructions)), 'CdtTrfTxInf')
        assert.equal(transactions.length, instructions.length)
        for (const [i, sent] of instructions.entries()) {
          const read = transactions[i]!
          assert.equal(only(read, 'EndToEndId'), sent.endToEndId)
          assert.equal(
            minorOf(only(read, 'InstdAmt'), EXPONENT[sent.currency as keyof typeof EXPONENT]),
            sent.amountMinor,
          )
          const [account] = all(read, 'CdtrAcct')
          const number = [
            ...texts(account!, 'IBAN'),
            ...texts(account!, 'Othr').map(() => all(account!, 'Id')[1]!.text),
          ]
          assert.deepEqual(number, [
            sent.creditor.account.kind === 'iban' ? 'GB33BUKB20201555555555' : sent.creditor.account.value,
          ])
          for (const text of [only(read, 'Nm'), ...texts(read, 'Ustrd')]) {
            assert.match(text, /^.{1,140}$/u)
            assert.doesNotMatch(text, /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]| {2}|^ | $/u)
          }
        }
      }),
    ))

  it('leaves a well-written name as it is', () =>
    fc.assert(
      fc.asyncProperty(scripts, async name => {
        const file = await fileOf([instruction({ creditor: { ...instruction().creditor, name } })])
        assert.equal(only(all(parse(file), 'Cdtr')[0]!, 'Nm'), name)
      }),
    ))

  it('states counts and sums that agree, of the file and of each group', () =>
    fc.assert(
      fc.asyncProperty(anyFile, async instructions => {
        const file = parse(await fileOf(instructions))
        const exponent = EXPONENT[instructions[0]!.currency as keyof typeof EXPONENT]
        const sumOf = (tree: Tree) =>
          texts(tree, 'InstdAmt').reduce((sum, t) => sum + minorOf(t, exponent), 0n)
        const groups = all(file, 'PmtInf')
        assert.equal(groups.length, Math.ceil(instructions.length / PER_GROUP))
        for (const level of [...groups, file]) {
          assert.equal(texts(level, 'NbOfTxs')[0], String(all(level, 'CdtTrfTxInf').length))
          assert.equal(minorOf(texts(level, 'CtrlSum')[0]!, exponent), sumOf(level))
        }
      }),
    ))

  it('writes amounts with the decimals of the currency', async () => {
    for (const [currency, text] of [
      ['KES', '123.45'],
      ['UGX', '12345'],
      ['IQD', '12.345'],
    ] as const)
      assert.deepEqual(texts(parse(await fileOf([instruction({ currency })])), 'InstdAmt'), [text])
  })

  it('names the group of each position as the file does', async () => {
    const instructions = Array.from({ length: 7 }, (_, i) => instruction({ endToEndId: `E${i}` }))
    const groups = all(parse(await fileOf(instructions)), 'PmtInf')
    const inFile = groups.flatMap(g => texts(g, 'EndToEndId').map(id => [id, only(g, 'PmtInfId')]))
    assert.deepEqual(
      inFile,
      instructions.map((i, position) => [i.endToEndId, writer.groupId('PB-7K3M9-Q2XBD4', position)]),
    )
    assert.equal(new Set(inFile.map(([, group]) => group)).size, 3)
  })

  it('cuts long texts by characters and clears what no file can carry', async () => {
    for (const [written, read] of [
      ['🙂'.repeat(141), '🙂'.repeat(140)],
      ['a'.repeat(139) + '🙂b', 'a'.repeat(139) + '🙂'],
      ['A\u0000B\tC\r\nD\u0085E\uFFFF', 'A B C D E'],
      ['half \ud83d pair', 'half \ufffd pair'],
      ['\u202egrace\u202c \ufeff', 'grace'],
      ['  two   spaces ', 'two spaces'],
    ] as const) {
      assert.equal(printable(written, 140), read)
      const file = parse(await fileOf([instruction({ remittance: written })]))
      assert.deepEqual(texts(file, 'Ustrd'), [read])
    }
  })

  it('has each instruction once, also when a group is longer than a piece of the file', async () => {
    const ids = Array.from({ length: 500 }, (_, i) => `E${i}`)
    const instructions = ids.map(endToEndId => instruction({ endToEndId }))
    const long = createPain001Writer({ transactionsPerGroup: 300 })
    const file = parse(await fileOf(instructions, headerOf(instructions), long))
    assert.deepEqual(texts(file, 'EndToEndId'), ids)
    assert.deepEqual(texts(file, 'NbOfTxs'), ['500', '300', '200'])
  })

  it('comes out while instructions still come in', async () => {
    let taken = 0
    const endless = (function* () {
      for (;;) {
        taken += 1
        yield instruction()
      }
    })()
    const header = headerOf([instruction()], { count: 1_000_000, totalMinor: 12_345_000_000n })
    const pieces = writer.write(header, endless)[Symbol.asyncIterator]()
    await pieces.next()
    await pieces.next()
    assert.equal(taken, PER_GROUP)
    await pieces.return?.()
  })
})

describe('A pain.001 file is refused', () => {
  it('when an instruction cannot be in it, with the place of the mistake', async () => {
    const creditor = (over: object) => ({ ...instruction().creditor, ...over })
    const account = (kind: PayableAccount['kind'], value: string) => ({
      creditor: creditor({ account: { kind, value } }),
    })
    for (const [over, pointer] of [
      [{ endToEndId: '' }, '/endToEndId'],
      [{ endToEndId: 'x'.repeat(36) }, '/endToEndId'],
      [{ endToEndId: 'a b' }, '/endToEndId'],
      [{ endToEndId: 'é' }, '/endToEndId'],
      [{ endToEndId: '/a' }, '/endToEndId'],
      [{ endToEndId: 'a/' }, '/endToEndId'],
      [{ endToEndId: 'a//b' }, '/endToEndId'],
      [{ endToEndId: 'a\n' }, '/endToEndId'],
      [{ endToEndId: '</EndToEndId>' }, '/endToEndId'],
      [{ amountMinor: 0n }, '/amountMinor'],
      [{ amountMinor: -1n }, '/amountMinor'],
      [{ amountMinor: MAX_MINOR + 1n }, '/amountMinor'],
      [{ currency: 'USD' }, '/currency'],
      [{ creditor: creditor({ name: ' \u0007\u202e ' }) }, '/creditor/name'],
      [account('iban', 'GB33<x/>'), '/creditor/account/value'],
      [account('bank_account', 'x'.repeat(35)), '/creditor/account/value'],
      [account('bank_account', '1&2'), '/creditor/account/value'],
      [account('mobile_wallet', '0772123456'), '/creditor/account/value'],
      [
        {
          creditor: creditor({ account: { kind: 'iban', value: 'GB33BUKB20201555555555', bankCode: 'A"B' } }),
        },
        '/creditor/account/bankCode',
      ],
    ] as const) {
      const bad = instruction(over)
      const error = await refusal(
        fileOf([instruction(), bad], headerOf([instruction(), bad], { currency: 'KES' })),
      )
      assert.deepEqual(
        error.issues.map(i => i.pointer),
        [`/instructions/1${pointer}`],
        JSON.stringify(over, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
      )
    }
  })

  it('when its header cannot be, before a byte is written', async () => {
    const debtor = headerOf([]).debtor
    for (const [over, pointer] of [
      [{ messageId: 'x'.repeat(34) }, '/messageId'],
      [{ messageId: 'x'.repeat(33), count: 28 }, '/messageId'],
      [{ messageId: 'a&b' }, '/messageId'],
      [{ created: new Date('never') }, '/created'],
      [{ requestedExecutionDate: '2027-02-30' }, '/requestedExecutionDate'],
      [{ requestedExecutionDate: '31.01.2027' }, '/requestedExecutionDate'],
      [{ count: 0 }, '/count'],
      [{ count: 1.5 }, '/count'],
      [{ totalMinor: 10n ** 18n }, '/totalMinor'],
      [{ totalMinor: 0n }, '/totalMinor'],
      [{ currency: '"><' }, '/currency'],
      [{ debtor: { ...debtor, name: '' } }, '/debtor/name'],
      [{ debtor: { ...debtor, agent: '' } }, '/debtor/agent'],
      [{ debtor: { ...debtor, account: { kind: 'iban' as const, value: '1' } } }, '/debtor/account/value'],
    ] as const) {
      const first = writer
        .write(headerOf([instruction()], over), [instruction()])
        [Symbol.asyncIterator]()
        .next()
      const error = await refusal(first)
      assert.deepEqual(
        error.issues.map(i => i.pointer),
        [pointer],
      )
    }
  })

  it('when the instructions are not those the header announced', async () => {
    const two = [instruction(), instruction({ endToEndId: 'E2' })]
    for (const over of [{ count: 3 }, { count: 1 }, { totalMinor: 24_691n }, { totalMinor: 24_689n }]) {
      const error = await refusal(fileOf(two, headerOf(two, over)))
      assert.equal(error.rule, 'control-total')
    }
    const error = await refusal(fileOf([], headerOf(two)))
    assert.match(
      error.message,
      new RegExp(`2 payments of ${formatMinor(24_690n, 'KES')} KES .* 0 of 0.00 KES`),
    )
  })
})
