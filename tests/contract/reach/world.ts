import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { formatReference, uuid7 } from '#core/kernel/index.ts'
import { type Client, clientOf } from '#tests/support/client.ts'
import type { TestGateway } from '#tests/support/gateway.ts'
import { bankReport } from '#tests/support/payments.ts'

/**
 * A world of two areas and two programs with everything that the API can name in it: to ask for what lies within
 * somebody's reach, for what lies outside, and for what does not exist.
 */

/** The names of one of everything. Left out where there is no such thing at a place. */
export type Names = Partial<
  Record<
    | 'area'
    | 'program'
    | 'group'
    | 'individual'
    | 'enrolment'
    | 'cycle'
    | 'entitlement'
    | 'credential'
    | 'qr'
    | 'batch'
    | 'report'
    | 'review'
    | 'point'
    | 'store'
    | 'file'
    | 'import'
    | 'job'
    | 'approval',
    string
  >
>

/**
 * `here`: the area and the program of the grants under test. `elsewhere`: the same program in the other area. `other`:
 * the other program in the same area. `nowhere`: well-formed names of nothing.
 */
export type Place = 'here' | 'elsewhere' | 'other' | 'nowhere'
export type World = {
  names: Record<Place, Names>
  areaCodes: string[]
  programIds: string[]
  /** Texts that only things out of reach hold. */
  canaries: string[]
}

/** Has something done, whatever the success is called. */
const done = async (client: Client, path: string, body?: unknown) => {
  const answer = await client.try('POST', path, body)
  assert.ok(answer.status < 300, `POST ${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

const FUND = 'WORLD-FUND'
const DEBTOR = {
  name: 'Ministry',
  account: { kind: 'iban', value: 'GB33BUKB20201555555555' },
  agent: 'BUKBGB22',
}

/** Builds it over HTTP, as its people would. */
export const buildWorld = async (g: TestGateway): Promise<World> => {
  const all = clientOf(
    g.url,
    await g.as([
      'system-administrator',
      'registry-manager',
      'program-manager',
      'finance-officer',
      'warehouse-officer',
      'distribution-agent',
    ]),
  )
  const checker = clientOf(g.url, await g.as(['cycle-approver', 'payment-approver']))
  await done(all, '/api/v1/areas', { areas: ['AA', 'BB'].map(code => ({ code, name: `Area ${code}` })) })
  await done(all, '/api/v1/items', { code: 'RICE', name: 'Rice', unit: 'KGM' })
  await done(all, '/api/v1/funds', { code: FUND, name: 'Fund', currency: 'KES' })
  await done(all, `/api/v1/funds/${FUND}/allocations`, { amount: '100000.00' })
  const here = await household(g, 'AA', 'Herewith')
  const there = await household(g, 'BB', 'Canary-Elsewhere')
  for (const area of ['AA', 'BB']) await places(all, area)
  const own = await program(g, all, checker, 'OWN')
  const foreign = await program(g, all, checker, 'FOREIGN')
  const imports = await somebodysImport(g)
  await done(all, '/api/v1/approval-freezes', {
    from: '2098-01-01T00:00:00Z',
    until: '2098-01-02T00:00:00Z',
    programs: ['FOREIGN'],
    reason: 'Counting',
  })
  const names: World['names'] = {
    here: {
      ...(await own.of(here.group)),
      ...own.reported,
      ...here,
      area: 'AA',
      program: 'OWN',
      point: 'SP-AA',
      store: 'WH-AA',
    },
    elsewhere: {
      ...(await own.of(there.group)),
      ...there,
      area: 'BB',
      point: 'SP-BB',
      store: 'WH-BB',
      ...imports,
    },
    other: { ...(await foreign.of(here.group)), ...foreign.reported, program: 'FOREIGN' },
    nowhere: NOWHERE,
  }
  delete names.elsewhere.cycle
  delete names.elsewhere.batch
  delete names.elsewhere.approval
  for (const at of [names.elsewhere, { ...names.other, point: 'SP-AA' }])
    await done(all, '/api/v1/redemptions', { qr: at.qr, point: at.point })
  const row = await g.db.one<{ id: string }>(sql`SELECT id FROM programs.programs WHERE code = 'OWN'`)
  return {
    names,
    areaCodes: ['AA'],
    programIds: [row!.id],
    canaries: [
      'Canary',
      'SP-BB',
      'WH-BB',
      'Area BB',
      ...Object.values(names.elsewhere),
      ...Object.values(names.other),
    ].filter(name => (name ?? '').length > 3),
  }
}

const NOWHERE: Names = {
  area: 'ZZ',
  program: 'NOTHING',
  group: formatReference('group', 1n),
  individual: formatReference('individual', 1n),
  enrolment: formatReference('enrolment', 1n),
  cycle: formatReference('cycle', 1n),
  entitlement: formatReference('entitlement', 1n),
  credential: formatReference('credential', 1n),
  batch: formatReference('batch', 1n),
  report: formatReference('report', 1n),
  review: formatReference('review', 1n),
  point: 'SP-ZZ',
  store: 'WH-ZZ',
  file: '00000000-0000-7000-8000-000000000000',
  import: formatReference('import', 1n),
  job: formatReference('job', 1n),
  approval: formatReference('approval', 1n),
}

let drawn = 1000n

/** A household of one, with an account to be paid to. */
const household = async (g: TestGateway, area: string, name: string) => {
  const [group, person] = [uuid7(), uuid7()]
  const [groupRef, personRef] = [++drawn, ++drawn]
  for (const [id, ref, kind] of [
    [group, groupRef, 'group'],
    [person, personRef, 'individual'],
  ] as const)
    await g.db.query(sql`
      INSERT INTO registry.registrants (id, ref, kind, area_id, name, group_type, sex, birth_date, birth_precision, source)
      SELECT ${id}, ${ref}, ${kind}, a.id, ${name}, ${kind === 'group' ? 'household' : null}::text,
        ${kind === 'group' ? null : 'female'}::text, ${kind === 'group' ? null : '1980-01-02'}::date,
        ${kind === 'group' ? null : 'day'}::text, 'test'
      FROM areas.areas a WHERE a.code = ${area}`)
  await g.db.query(sql`
    INSERT INTO registry.memberships (group_id, member_id, roles, started_on)
    VALUES (${group}, ${person}, '{head}', '2026-01-01')`)
  await g.db.query(sql`
    INSERT INTO registry.payment_accounts (id, registrant_id, kind, value, bank_code, preferred)
    VALUES (${uuid7()}, ${person}, 'bank_account', ${`44000${drawn}`}, 'BUKBGB22', true)`)
  return { group: formatReference('group', groupRef), individual: formatReference('individual', personRef) }
}

const places = async (all: Client, area: string) => {
  await done(all, '/api/v1/locations', { code: `WH-${area}`, name: `Store ${area}`, kind: 'warehouse', area })
  await done(all, '/api/v1/locations', {
    code: `SP-${area}`,
    name: `Point ${area}`,
    kind: 'service_point',
    area,
  })
  for (const place of ['WH', 'SP']) {
    const receipt = {
      location: `${place}-${area}`,
      item: 'RICE',
      quantity: 100,
      reference: `IN-${place}-${area}`,
    }
    await done(all, '/api/v1/stock-receipts', receipt)
  }
}

/** A program with a cycle whose money is on its way and whose cards are printed; what it has of a household by `of`. */
const program = async (g: TestGateway, all: Client, checker: Client, code: string) => {
  await done(all, '/api/v1/programs', {
    code,
    name: `Program ${code}`,
    target: 'group',
    currency: 'KES',
    fund: FUND,
    rules: ['true'],
    components: [
      { code: 'CASH', kind: 'cash', amount: '10.00' },
      { code: 'FOOD', kind: 'in_kind', item: 'RICE', quantity: 1 },
    ],
  })
  await done(all, `/api/v1/programs/${code}/activate`)
  await g.job((await done(all, `/api/v1/programs/${code}/enrolments`, {})).job)
  const days = { validFrom: '2026-01-01', validUntil: '2036-12-31' }
  const cycle = await done(all, `/api/v1/programs/${code}/cycles`, {
    code: `C-${code}`,
    name: `Cycle ${code}`,
    ...days,
  })
  const at = `/api/v1/cycles/${cycle.reference}`
  await g.job((await done(all, `${at}/prepare`, {})).job)
  await done(all, `${at}/submit`, {})
  await done(checker, `${at}/approve`)
  const batch = await sentBatch(g, all, checker, at, code === 'FOREIGN')
  return {
    of: await whatIsOf(g, all, code, cycle.reference, batch),
    reported: await reportOn(g, all, batch),
  }
}

const sentBatch = async (
  g: TestGateway,
  all: Client,
  checker: Client,
  cycle: string,
  isUrgent: boolean,
): Promise<string> => {
  const batch = await done(all, `${cycle}/payment-batches`, { debtor: DEBTOR })
  await g.job(batch.job)
  const at = `/api/v1/payment-batches/${batch.reference}`
  await done(all, `${at}/submit`)
  const { approval } = await all.get(at)
  if (isUrgent)
    await done(checker, `/api/v1/approvals/${approval}/bypass`, { reason: 'The flood in the east' })
  else await done(checker, `${at}/approve`)
  await g.job((await done(all, `${at}/send`)).job)
  return batch.reference
}

const whatIsOf = async (g: TestGateway, all: Client, code: string, cycle: string, batch: string) => {
  const { items: entitlements } = await all.get(`/api/v1/cycles/${cycle}/entitlements`)
  const { items: enrolments } = await all.get(`/api/v1/programs/${code}/enrolments`)
  const { approval } = await all.get(`/api/v1/cycles/${cycle}`)
  const credentials = await printed(all, cycle)
  type Of = { reference: string; registrant: string; component: string }
  return async (group: string): Promise<Names> => {
    const mine = (one: Of) => one.registrant === group
    const entitlement = entitlements.find((e: Of) => mine(e) && e.component === 'FOOD').reference
    const credential = credentials.find(
      (c: { entitlement: string }) => c.entitlement === entitlement,
    ).reference
    const row = await g.db.one<{ qr: string }>(
      sql`SELECT qr FROM credentials.credentials WHERE kernel.reference('CR', ref) = ${credential}`,
    )
    return {
      cycle,
      batch,
      approval,
      entitlement,
      enrolment: enrolments.find(mine).reference,
      credential,
      qr: row!.qr,
    }
  }
}

/** The cards of a cycle: made by themselves after its approval, one for each thing that is given to each of two. */
const printed = async (all: Client, cycle: string) => {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const { items } = await all.get(`/api/v1/credentials?cycle=${cycle}`)
    if (items.length >= 4) return items
    await pause(50)
  }
  throw new Error('no credentials were issued')
}

/** A bank's report about a batch with something in it that cannot be, and the item to review that it makes. */
const reportOn = async (g: TestGateway, all: Client, batch: string) => {
  const { items } = await all.get(`/api/v1/payment-batches/${batch}/payments`)
  const lines = [
    { endToEndId: items[0].endToEndId, status: 'ACSC', amount: '10.00' },
    { endToEndId: items[1].endToEndId, status: 'ACSC', amount: '999.00' },
  ]
  const xml = bankReport((await all.get(`/api/v1/payment-batches/${batch}`)).messageId, {
    id: `R-${batch}`,
    lines,
  })
  const report = await all.send('/api/v1/payment-reports', 'application/xml', xml, 202)
  await g.job(report.job)
  const review = (await all.get(`/api/v1/payment-review-items?batch=${batch}`)).items[0]
  return { report: report.reference, review: review.reference }
}

/** A file, an import and its job, of somebody whose business it is alone. */
const somebodysImport = async (g: TestGateway): Promise<Names> => {
  const maker = clientOf(g.url, await g.as('registrar', { areas: ['BB'] }))
  const file = await maker.send('/api/v1/files?name=canary.csv', 'text/csv', 'Name,Sex,Area\nCanary,F,BB\n')
  const started = await done(maker, '/api/v1/imports', { file: file.id })
  await g.job(started.job)
  return { file: file.id, import: started.reference, job: started.job }
}
