import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { LOOKS } from '#core/history/index.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { type Described, describedOperations, type Schema, walkSchema } from '#tests/support/openapi.ts'
import type { Asked } from './reach/operations.ts'
import * as tables from './reach/operations.ts'
import { buildWorld, type World } from './reach/world.ts'

/** Fields of answers that are data of people, or say whose something is. */
const PERSONAL = new Set([
  'birthDate',
  'phones',
  'identifiers',
  'accounts',
  'holderName',
  'payee',
  'registrant',
  'beneficiary',
])
/** What has such fields or sends a file, and shows no registrant's data to somebody who looks. */
const NOT_A_LOOK: Record<string, string> = {
  enrolRegistrant: 'tells whoever enrols somebody that it is done',
  redeemEntitlement: 'tells whoever hands over that it is done',
  getAuditExport:
    'a file that was written for whoever fetches it; that it was is on the trail with its filter',
  getImportTemplate: 'a made-up example',
  getImportBadRows: 'rows that are not in the registry; that they were fetched is on the trail of the import',
  streamEvents: 'jobs and numbers of the caller, and nothing of people',
  getHealth: 'no data',
  getReadiness: 'no data',
}
/** Marked, and asked here for nothing that is of people. */
const ASKED_ELSEWHERE: Record<string, string> = {
  getHistory: 'gateway/routes/history.test.ts',
  getAuditEntry: 'gateway/routes/audit.test.ts',
  getAuditProof: 'gateway/routes/audit.test.ts',
  getFailedPaymentsFile: 'gateway/routes/payments.test.ts',
  listPaymentExceptions: 'core/payments/batches.test.ts',
}

const succeeds = (o: Described) => Object.entries(o.responses).filter(([status]) => status.startsWith('2'))

describe('people’s data', function () {
  this.timeout(120_000)
  const { document, operations } = describedOperations()

  const showsPeople = (o: Described): boolean =>
    succeeds(o).some(([, { content = {} }]) =>
      Object.entries(content).some(([type, { schema }]) => {
        if (!type.includes('json')) return true
        let found = false
        walkSchema(document, schema, (s: Schema) => {
          if (Object.keys(s.properties ?? {}).some(name => PERSONAL.has(name))) found = true
        })
        return found
      }),
    )
  const marked = operations.filter(o => o.operation['x-personal'])

  it('is said to be shown by every operation that shows it', () => {
    const showing = operations.filter(showsPeople)
    assert.ok(showing.length >= 15, `${showing.length} operations show people`)
    const silent = showing.filter(o => !o.operation['x-personal'] && !NOT_A_LOOK[o.id])
    assert.deepEqual(
      silent.map(o => o.id),
      [],
    )
    for (const id of Object.keys(NOT_A_LOOK))
      assert.ok(
        operations.some(o => o.id === id),
        id,
      )
  })

  describe('is shown by an operation', () => {
    let g: TestGateway
    let world: World
    let token: string
    before(async () => {
      g = await startTestGateway()
      world = await buildWorld(g)
      token = await g.as([
        'auditor',
        'registry-manager',
        'finance-officer',
        'distribution-agent',
        'targeting-officer',
      ])
    })
    after(() => g.close())

    const asked: Record<string, Asked> = Object.assign({}, ...Object.values(tables))
    assert.ok(marked.length >= 18, `${marked.length} operations are marked`)
    for (const o of marked.filter(o => !ASKED_ELSEWHERE[o.id]))
      it(`${o.id}, and each answer says on the trail whose it was`, async () => {
        const how = asked[o.id]!
        const names = world.names.here as Parameters<Extract<Asked, { ask: unknown }>['ask']>[0]
        const request =
          o.id === 'verifyCredential'
            ? { path: '/api/v1/verifications', body: { qr: names.qr } }
            : 'ask' in how
              ? how.ask(names)
              : { path: (how as { list: string }).list }
        const answer = await g.call(o.method.toUpperCase(), request.path, {
          token,
          ...('body' in request ? { body: request.body } : {}),
        })
        assert.equal(answer.status, 200, JSON.stringify(answer.body))
        const looks = await g.db.query<{ action: string; people: number }>(sql`
          SELECT e.action, (SELECT count(*)::int FROM registry.people p WHERE p.id = ANY(e.item_ids || e.subject_id)) AS people
          FROM audit.entries e WHERE e.request_id = ${answer.headers.get('X-Request-Id')}`)
        assert.ok(
          looks.some(l => LOOKS[l.action] && l.people > 0),
          `${o.id} left ${JSON.stringify(looks)}`,
        )
      })
  })
})
