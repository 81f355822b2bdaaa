import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, clientOf, signIn, tokenFor } from '#tests/support/client.ts'
import { type Product, startProduct } from '#tests/support/product.ts'
import { readQrText } from '#tests/support/qr.ts'

/*
 * From a list of households to money, food and a verified QR: every step through the API, as those who do it in an
 * agency would, against a gateway and a worker that were just started. It reads from top to bottom.
 */

const AREAS = `admin1Name_en,admin1Pcode,admin0Name_en,admin0Pcode
Coast,JO01,Jord,JO
Hills,JO02,Jord,JO
`

const HEADER =
  'Household,Relationship,Full name,Sex,Date of birth,Phone,Area,ID type,National ID,Account kind,Account,Bank\n'
const people = [
  'H1,head,Almaz Tesfaye,F,1990-04-12,,JO01,national_id,1001,bank_account,4400001,JOBKXXAA',
  'H1,child,Biruk Tesfaye,M,2024-02-29,,JO01,,,,,',
  'H2,head,ዳዊት ከበደ,M,1985-11-03,,JO01,national_id,1002,bank_account,4400002,JOBKXXAA',
  'H2,spouse,ሳባ ከበደ,F,1988-07-19,,JO01,national_id,1003,,,',
  'H2,child,ማርታ ከበደ,F,2023-06-01,,JO01,,,,,',
  'H2,child,ራሔል ከበደ,F,2025-01-15,,JO01,,,,,',
  'H3,head,Yusuf Ali,M,1970-01-20,,JO02,national_id,1004,bank_account,4400003,JOBKXXAA',
  'H4,head,Fatuma Omar,F,1995-09-09,,JO01,national_id,1005,bank_account,4400004,JOBKXXAA',
  'H4,child,Amina Omar,F,2022-12-24,,JO01,,,,,',
]
const BAD = [
  'H5,head,Bad Date,F,1990-02-30,,JO01,national_id,1006,,,',
  'H6,head,Nowhere,M,1990-02-20,,ZZ99,national_id,1007,,,',
]

describe('the one true path', function () {
  this.timeout(180_000)
  let product: Product
  let dataDir: string
  let operator: Client
  let approver: Client
  let agent: Client

  before(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'annona-path-'))
    product = await startProduct(dataDir)
    const { clients, users } = product.access()
    const [first, second] = await Promise.all(
      clients.map(c => tokenFor(product.url, c.clientId, c.clientSecret)),
    )
    operator = clientOf(product.url, first!)
    approver = clientOf(product.url, second!)
    const dawit = users.find(u => u.roles.includes('distribution-agent'))!
    agent = clientOf(product.url, await signIn(product.url, dawit.username, dawit.password))
  })
  after(async () => {
    await product?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const upload = async (rows: string[]) => {
    const file = await operator.send(
      '/api/v1/files?name=households.csv',
      'text/csv',
      HEADER + rows.join('\n'),
    )
    const started = await operator.post('/api/v1/imports', { file: file.id, country: 'ET' }, 202)
    await operator.job(started.job)
    return operator.get(`/api/v1/imports/${started.reference}`)
  }

  const householdOf = async (nationalId: string) => {
    const { items } = await operator.get(`/api/v1/registrants?identifier=${nationalId}`)
    const person = await operator.get(`/api/v1/registrants/${items[0].reference}`)
    return operator.get(`/api/v1/registrants/${person.groups[0].reference}`)
  }

  it('takes the areas from a file', async () => {
    const tried = await operator.send('/api/v1/areas/import?dryRun=true', 'text/csv', AREAS, 200)
    assert.deepEqual(tried, { areas: 3, created: 3, renamed: 0, dryRun: true })
    await operator.send('/api/v1/areas/import', 'text/csv', AREAS, 200)
    assert.equal((await operator.get('/api/v1/areas/JO02')).parent, 'JO')
  })

  it('tests a file of households, and says line by line what is wrong with it', async () => {
    const tested = await upload([...people, ...BAD])
    assert.equal(tested.state, 'tested')
    assert.equal(tested.totals.create, people.length)
    const { items } = await operator.get(`/api/v1/imports/${tested.reference}/issues?severity=error`)
    assert.deepEqual(
      items.map((i: { line: number; column: string }) => [i.line, i.column]),
      [
        [11, 'Date of birth'],
        [12, 'Area'],
      ],
    )
    assert.equal((await operator.try('POST', `/api/v1/imports/${tested.reference}/commit`)).status, 422)
    const toCorrect = (await operator.bytes(`/api/v1/imports/${tested.reference}/bad-rows`)).toString()
    assert.match(toCorrect, /^\ufeffHousehold,.*reasons\r\nH5,.*30 February|1990-02-30/s)
    assert.deepEqual(
      (await operator.get('/api/v1/registrants?identifier=1001')).items,
      [],
      'nothing was written',
    )
  })

  it('imports the corrected file, and the same file again changes nothing', async () => {
    const tested = await upload(people)
    const committing = await operator.post(`/api/v1/imports/${tested.reference}/commit`, {}, 202)
    await operator.job(committing.job)
    const family = await householdOf('1002')
    assert.deepEqual(
      family.members.map((m: { name: string }) => m.name),
      ['ዳዊት ከበደ', 'ሳባ ከበደ', 'ማርታ ከበደ', 'ራሔል ከበደ'],
    )
    assert.deepEqual(family.members[0].roles, ['head'])
    const again = await upload(people)
    assert.equal(again.totals.create, 0, 'everybody is known')
    const commit = `/api/v1/imports/${again.reference}/commit`
    const refused = await operator.try('POST', commit, {})
    assert.deepEqual([refused.status, refused.body.rule], [422, 'file-imported-before'])
    await operator.job((await operator.post(commit, { again: true }, 202)).job)
    const { totals } = await operator.get(`/api/v1/imports/${again.reference}`)
    assert.deepEqual([totals.create, totals.update, totals.leftOut], [0, 0, 0])
    assert.deepEqual(await householdOf('1002'), family)
  })

  it('sets up what is given, where, and from which fund', async () => {
    await operator.post('/api/v1/items', { code: 'JO-OIL', name: 'Cooking oil, litre', unit: 'LTR' })
    await operator.post('/api/v1/locations', {
      code: 'JO-COAST',
      name: 'Coast point',
      kind: 'service_point',
      area: 'JO01',
    })
    await operator.post('/api/v1/stock-receipts', {
      location: 'JO-COAST',
      item: 'JO-OIL',
      quantity: 10,
      reference: 'JO-1',
    })
    await operator.post('/api/v1/funds', { code: 'JO-FUND', name: 'Jord fund', currency: 'ETB' })
    const fund = await operator.post('/api/v1/funds/JO-FUND/allocations', { amount: '2000.00' }, 200)
    assert.equal(fund.available, '2000.00')
  })

  const program = {
    code: 'JO-BABY',
    name: 'Young families',
    target: 'group',
    currency: 'ETB',
    fund: 'JO-FUND',
    rules: ['area.within("JO")', 'members.exists(m, age_years(m.birth_date) < 5)'],
    components: [
      {
        code: 'CASH',
        kind: 'cash',
        formula: '300 + 100 * members.filter(m, age_years(m.birth_date) < 5).size()',
      },
      { code: 'OIL', kind: 'in_kind', item: 'JO-OIL', quantity: 3 },
    ],
  }

  it('refuses a rule that names something unknown, and says where and what was meant', async () => {
    const { status, body } = await operator.try('POST', '/api/v1/programs', {
      ...program,
      rules: ['membrs.exists(m, m.age < 5)'],
    })
    assert.equal(status, 400)
    assert.equal(body.errors[0].pointer, '/rules/0')
    assert.match(body.errors[0].detail, /column 1.*members/s)
  })

  it('makes a program, counts who would be in it, and says of each household why or why not', async () => {
    await operator.post('/api/v1/programs', program)
    const check = await operator.post('/api/v1/programs/JO-BABY/eligibility-checks', {}, 200)
    assert.deepEqual([check.matches, check.issues], [3, []])
    const why = async (id: string) =>
      operator.get(`/api/v1/programs/JO-BABY/explanations/${(await householdOf(id)).reference}`)
    assert.equal((await why('1002')).holds, true)
    const not = await why('1004')
    assert.equal(not.holds, false)
    assert.equal(not.rules[1].outcome, 'false')
    assert.ok(not.rules[1].because.length > 10)
  })

  it('enrols them', async () => {
    await operator.post('/api/v1/programs/JO-BABY/activate', undefined, 200)
    assert.equal((await operator.get('/api/v1/programs/JO-BABY/enrolments/preview')).toEnrol, 3)
    const { job } = await operator.post('/api/v1/programs/JO-BABY/enrolments', undefined, 202)
    await operator.job(job)
    assert.equal((await operator.get('/api/v1/programs/JO-BABY/enrolments')).items.length, 3)
  })

  let cycle: string

  it('prepares a cycle and shows what is in it', async () => {
    const year = new Date().getUTCFullYear()
    const opened = await operator.post('/api/v1/programs/JO-BABY/cycles', {
      code: 'C1',
      name: 'First',
      validFrom: `${year}-01-01`,
      validUntil: `${year + 1}-12-31`,
    })
    cycle = opened.reference
    const { job } = await operator.post(`/api/v1/cycles/${cycle}/prepare`, {}, 202)
    await operator.job(job)
    const { components } = await operator.get(`/api/v1/cycles/${cycle}/difference`)
    assert.deepEqual(
      components.map((c: { component: string; new: object }) => [c.component, c.new]),
      [
        ['CASH', { count: 3, amount: '1300.00' }],
        ['OIL', { count: 3, amount: '9' }],
      ],
    )
    const { items } = await operator.get(`/api/v1/cycles/${cycle}/differences?kind=new&limit=2`)
    assert.equal(items.length, 2)
  })

  it('lets another person approve it, within the fund, and nobody approve his own', async () => {
    await operator.post(`/api/v1/cycles/${cycle}/submit`, {}, 200)
    assert.equal((await operator.try('POST', `/api/v1/cycles/${cycle}/approve`)).status, 403)
    assert.equal((await approver.post(`/api/v1/cycles/${cycle}/approve`, undefined, 200)).state, 'approved')
    const fund = await operator.get('/api/v1/funds/JO-FUND')
    assert.deepEqual([fund.available, fund.committed], ['700.00', '1300.00'])
  })

  const idsIn = (file: string) => [...file.matchAll(/<EndToEndId>(.*?)<\/EndToEndId>/g)].map(m => m[1]!)

  /** What a bank answers: all that it was sent is paid, but these. */
  const answerTo = (file: string, rejected: Record<string, string>) => {
    const message = /<MsgId>(.*?)<\/MsgId>/.exec(file)![1]
    const lines = idsIn(file).map(id =>
      rejected[id]
        ? `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>${rejected[id]}</Cd></Rsn></StsRsnInf></TxInfAndSts>`
        : `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>`,
    )
    return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R-${message}</MsgId><CreDtTm>2026-01-01T00:00:00Z</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>${message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>P</OrgnlPmtInfId>${lines.join('')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`
  }

  const filled = async (reference: string) => {
    const batch = await operator.get(`/api/v1/payment-batches/${reference}`)
    if (batch.job) await operator.job(batch.job)
    return operator.get(`/api/v1/payment-batches/${reference}`)
  }

  /** A batch's way to the bank: submitted, approved by another, sent as a file. */
  const sendOff = async (reference: string) => {
    await operator.post(`/api/v1/payment-batches/${reference}/submit`, undefined, 200)
    assert.equal((await operator.try('POST', `/api/v1/payment-batches/${reference}/approve`)).status, 403)
    await approver.post(`/api/v1/payment-batches/${reference}/approve`, undefined, 200)
    await operator.post(`/api/v1/payment-batches/${reference}/send`, undefined, 200)
    await filled(reference)
    return (await operator.bytes(`/api/v1/payment-batches/${reference}/file`)).toString()
  }

  const report = async (xml: string) => {
    const { job } = await operator.send('/api/v1/payment-reports', 'application/xml', xml, 202)
    await operator.job(job)
  }

  const outcomesOf = async (reference: string) =>
    Object.fromEntries(
      (await operator.get(`/api/v1/payment-batches/${reference}`)).outcomes.map(
        (o: { state: string; payments: number }) => [o.state, o.payments],
      ),
    )

  it('pays by a bank file, books what the bank reports, and pays what failed again, and nobody twice', async () => {
    const debtor = {
      name: 'Ministry of Jord',
      account: { kind: 'bank_account', value: '9900001' },
      agent: 'JOBKXXAA',
    }
    const batch = await operator.post(`/api/v1/cycles/${cycle}/payment-batches`, { debtor })
    const { payments, total } = await filled(batch.reference)
    assert.deepEqual([payments, total], [3, '1300.00'])
    const file = await sendOff(batch.reference)
    assert.match(file, /<NbOfTxs>3<\/NbOfTxs><CtrlSum>1300\.00<\/CtrlSum>/)
    assert.match(file, /ዳዊት ከበደ/)

    const early = await operator.try('POST', `/api/v1/cycles/${cycle}/close`)
    assert.deepEqual(
      [early.status, early.body.rule],
      [422, 'payments-open'],
      'what is being paid cannot expire',
    )

    const [closed] = idsIn(file)
    const answer = answerTo(file, { [closed!]: 'AM04' })
    await report(answer)
    await report(answer)
    assert.deepEqual(await outcomesOf(batch.reference), { failed: 1, settled: 2 })
    const again = await operator.try('POST', `/api/v1/cycles/${cycle}/payment-batches`, {})
    assert.deepEqual([again.status, again.body.rule], [422, 'nothing-to-pay'])

    const preview = await operator.post(
      `/api/v1/payment-batches/${batch.reference}/retries?dryRun=true`,
      {},
      200,
    )
    assert.equal(preview.payments, 1)
    const retry = await operator.post(`/api/v1/payment-batches/${batch.reference}/retries`, {})
    assert.equal((await filled(retry.reference)).payments, 1)
    const second = await sendOff(retry.reference)
    assert.equal(idsIn(second).length, 1)
    assert.notEqual(idsIn(second)[0], closed, 'a new attempt has an id of its own')
    await report(answerTo(second, {}))
    assert.deepEqual(await outcomesOf(retry.reference), { settled: 1 })

    const fund = await operator.get('/api/v1/funds/JO-FUND')
    assert.deepEqual([fund.available, fund.committed, fund.disbursed], ['700.00', '0.00', '1300.00'])
    const { items } = await operator.get(`/api/v1/cycles/${cycle}/entitlements?limit=200`)
    const cash = items.filter((e: { kind: string }) => e.kind === 'cash')
    assert.ok(cash.every((e: { amount: string; fulfilled: string }) => e.amount === e.fulfilled))
  })

  it('gives every entitlement a signed QR, and hands its oil over once, however many try', async () => {
    const household = await householdOf('1002')
    const find = async () =>
      (await operator.get(`/api/v1/credentials?cycle=${cycle}&registrant=${household.reference}&limit=10`))
        .items
    let cards = await find()
    for (let n = 0; n < 300 && cards.length < 2; n++) {
      await new Promise(resolve => setTimeout(resolve, 100))
      cards = await find()
    }
    const verdicts = await Promise.all(
      cards.map(async (card: { reference: string }) => {
        const png = await operator.bytes(`/api/v1/credentials/${card.reference}/qr.png`)
        const svg = (await operator.bytes(`/api/v1/credentials/${card.reference}/qr.svg`)).toString()
        assert.match(svg, /^<svg[^>]*role="img"/)
        const { text, version } = await readQrText(png)
        assert.ok(version <= 10, 'small enough for a cheap camera')
        return { text, ...(await agent.post('/api/v1/verifications', { qr: text, point: 'JO-COAST' }, 200)) }
      }),
    )
    assert.deepEqual(verdicts.map(v => `${v.due.benefit.kind} ${v.verdict} ${v.due.holderName}`).sort(), [
      'cash already_redeemed ዳዊት ከበደ', // by the bank
      'in_kind valid ዳዊት ከበደ',
    ])
    const oil = verdicts.find(v => v.due.benefit.kind === 'in_kind')!
    const tries = await Promise.all(
      Array.from({ length: 20 }, () =>
        agent.try('POST', '/api/v1/redemptions', { qr: oil.text, point: 'JO-COAST' }),
      ),
    )
    assert.equal(tries.filter(t => t.status === 201).length, 1)
    assert.ok(tries.filter(t => t.status !== 201).every(t => t.body.verdict === 'already_redeemed'))
    const after = await agent.post('/api/v1/verifications', { qr: oil.text, point: 'JO-COAST' }, 200)
    assert.equal(after.verdict, 'already_redeemed')
    const { items } = await operator.get('/api/v1/stock?location=JO-COAST')
    assert.equal(items[0].onHand, 7)
    const forged = await agent.post(
      '/api/v1/verifications',
      { qr: `${oil.text.slice(0, -9)}AAAAAAAAA`, point: 'JO-COAST' },
      200,
    )
    assert.ok(['tampered', 'malformed'].includes(forged.verdict))
  })

  /** What is asked with POST and changes nothing. */
  const ASKS = /dryRun=true|eligibility-checks/

  it('has an entry on the audit trail for everything that was changed', async () => {
    const deeds = [operator, approver, agent].flatMap(client => client.deeds).filter(d => !ASKS.test(d.what))
    assert.ok(deeds.length > 25)
    for (const { what, requestId } of deeds) {
      const { items } = await operator.get(`/api/v1/audit-entries?requestId=${requestId}&limit=50`)
      assert.ok(items.length > 0, `${what} is not on the trail`)
    }
  })

  it('has all of it on the audit trail, which is whole', async () => {
    const actions = [
      'area.create',
      'import.commit',
      'program.create',
      'cycle.approve',
      'registrant.read',
      'redemption.make',
    ]
    for (const action of actions) {
      const { items } = await operator.get(`/api/v1/audit-entries?action=${action}&limit=1`)
      assert.equal(items.length, 1, action)
    }
    const said = execFileSync('sh', ['tools/node', 'gateway/cli.ts', 'audit', 'verify'], {
      env: { ...process.env, ANNONA_DATA_DIR: dataDir, DATABASE_URL: '', DATABASE_ADMIN_URL: '' },
    })
    assert.match(said.toString(), /The audit trail is whole/)
  })
})
