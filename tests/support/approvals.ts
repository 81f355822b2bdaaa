import sql from 'sql-template-tag'
import { createAccess } from '#core/access/index.ts'
import {
  type ApprovalSubject,
  type ApprovalWiring,
  createApprovals,
  type People,
  type PolicyInput,
  type Tier,
} from '#core/approvals/index.ts'
import { createAudit } from '#core/audit/index.ts'
import { connect, type Db } from '#core/db/index.ts'
import { type Ctx, digestOf, manualClock, personOf, refFromPath, systemIds } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { createOutbox } from '#core/outbox/index.ts'
import { readConfig } from '#gateway/config.ts'
import { type TestDatabase, testDatabase } from './database.ts'
import { makeAreas } from './places.ts'

/** Accounts of tests that are nowhere but in their contexts: each is what it says, and a person of its own. */
const MADE_UP: People = {
  actorAtThisMoment: async actor => actor,
  areasOf: async () => new Map(),
  identitiesOf: async ids => new Map(ids.map(id => [id, { persons: [id], kept: [id], all: [id] }])),
  supervisorOf: async () => undefined,
  usersNamed: async () => [],
  unknownRoles: async () => [],
  rolesWithout: async () => [],
  personsWith: async (_, ids) => new Set(ids),
  isHeld: async () => true,
  programIdsOf: async () => new Map(),
}

/** The engine over people made up by a test. `subjects` is what can be approved: modules add theirs once they are made. */
export const approvalsOver = (deps: Omit<ApprovalWiring, 'people' | 'subjects'>) => {
  const subjects: ApprovalSubject[] = []
  return { subjects, approvals: createApprovals({ ...deps, people: MADE_UP, subjects: () => subjects }) }
}

/** Something that can be approved, of a test's own: a text, where it is, and what became of it. */
export type TestThing = { id: string; content: string; state: string; approved_content: string | null }

export type PersonOptions = {
  roles: readonly string[]
  areas?: readonly string[]
  programs?: readonly string[]
  /** Another account of this one. */
  sameAs?: Ctx
  supervisor?: Ctx
}
export type ApprovalFixture = Awaited<ReturnType<typeof approvalFixture>>

/**
 * The engine over real accounts, and things to be approved. What is applied on approval is the content at that moment,
 * so that a test sees whether it is what was submitted.
 */
export const approvalFixture = async () => {
  const db = await testDatabase({ poolSize: 12 })
  const clock = manualClock('2026-06-15T09:00:00Z')
  const ids = systemIds
  const keys = createKeys({ db, clock, ids, masterKey: Buffer.alloc(32, 7) })
  const audit = createAudit({ db, clock, keys })
  const outbox = createOutbox({ db, ids, clock })
  const access = createAccess({ db, clock, ids, audit, keys, outbox, settings: readConfig({}) })
  const areas = await makeAreas(db, [['XX'], ['XXN', 'XX'], ['XXN1', 'XXN'], ['XXS', 'XX']])
  await makeThings(db)
  const told: string[] = []
  const subject = thingSubject(db, told)
  const deps = { db, clock, ids, audit, outbox, people: access, subjects: () => [subject] }
  const approvals = createApprovals(deps)
  let n = 0

  const actorOf = async (kind: 'user' | 'client', id: string, name: string): Promise<Ctx> => {
    const actor = await access.actorAtThisMoment({ kind, id, name, grants: [] })
    return { actor: actor!, requestId: 'test' }
  }
  const granted = async (holder: string, { roles, areas: codes, programs }: PersonOptions) => {
    for (const role of roles)
      await db.run(sql`
        INSERT INTO access.grants (id, holder_id, role, area_ids, program_ids)
        VALUES (${ids.uuid()}, ${holder}, ${role}, ${codes?.map(c => areas[c]!) ?? null}, ${programs ? [...programs] : null})`)
  }
  const person = async (options: PersonOptions): Promise<Ctx> => {
    const id = ids.uuid()
    const name = `user${++n}`
    await db.run(sql`
      INSERT INTO access.users (id, username, name, password_hash, person_id, supervisor_id)
      VALUES (${id}, ${name}, ${`User ${n}`}, 'x', ${options.sameAs ? personOf(options.sameAs.actor) : id},
        ${options.supervisor?.actor.id ?? null})`)
    await granted(id, options)
    return actorOf('user', id, name)
  }
  const client = async (owner: Ctx | undefined, options: PersonOptions): Promise<Ctx> => {
    const id = ids.uuid()
    const name = `client${++n}`
    await db.run(sql`
      INSERT INTO access.clients (id, client_id, name, secret_hash, owner_id)
      VALUES (${id}, ${name}, ${name}, ''::bytea, ${owner?.actor.id ?? null})`)
    await granted(id, options)
    return actorOf('client', id, name)
  }

  /** Makes a thing and submits it; gives its id and the reference of the request. */
  const submitted = async (
    maker: Ctx,
    more: {
      amount?: number
      area?: string
      programId?: string
      makers?: readonly string[]
      id?: string
      comment?: string
    } = {},
  ) => {
    const id = more.id ?? ids.uuid()
    const content = `content of ${id}`
    await db.run(sql`
      INSERT INTO test_things.things (id, content, state) VALUES (${id}, ${content}, 'submitted')
      ON CONFLICT (id) DO UPDATE SET state = 'submitted'`)
    const amount = more.amount ?? 100
    const digest = (await subject.digests([id])).get(id)!
    const made = await approvals.submit(
      maker,
      'thing',
      [
        {
          id,
          name: `thing ${id}`,
          programId: more.programId ?? null,
          areaId: more.area ? areas[more.area]! : null,
          title: 'A thing',
          facts: { amount },
          amount: { minor: BigInt(amount) * 100n, currency: 'KES' },
          digest,
          makers: more.makers ?? [],
        },
      ],
      more.comment,
    )
    return { id, reference: made.get(id)! }
  }
  const configurer = await person({ roles: ['system-administrator'] })
  const policy = async (tiers: readonly Tier[], more: Partial<PolicyInput> = {}) => {
    const code = `P-${++n}`
    await db.run(
      sql`UPDATE approvals.policies SET state = 'archived' WHERE state = 'active' AND ${more.rank === undefined}`,
    )
    const input = { code, name: code, subjectType: 'thing', rank: 10, tiers, ...more }
    await approvals.createPolicy(configurer, input)
    await approvals.activatePolicy(configurer, code)
    return code
  }

  return {
    db,
    clock,
    deps,
    access,
    approvals,
    areas,
    configurer,
    person,
    client,
    submitted,
    /** Puts a policy in force, in the place of those there were unless it has a rank of its own. */
    policy,
    /** What modules were told, in order. */
    told,
    thing: async (id: string) =>
      (await db.one<TestThing>(sql`SELECT * FROM test_things.things WHERE id = ${id}`))!,
    approve: (ctx: Ctx, reference: string, onBehalfOf?: string) =>
      approvals.decide(ctx, reference, { verdict: 'approve', onBehalfOf }),
    state: async (reference: string) => {
      const row = await db.one<{ state: string }>(
        sql`SELECT state FROM approvals.requests WHERE ref = ${refFromPath('approval', reference)}`,
      )
      return row!.state
    },
  }
}

const makeThings = async (db: TestDatabase) => {
  const owner = connect({ url: db.adminUrl, poolSize: 1 })
  await owner.run(sql`CREATE SCHEMA test_things`)
  await owner.run(
    sql`CREATE TABLE test_things.things (id uuid PRIMARY KEY, content text, state text, approved_content text)`,
  )
  await owner.run(sql`GRANT ALL ON SCHEMA test_things TO PUBLIC`)
  await owner.run(sql`GRANT ALL ON test_things.things TO PUBLIC`)
  await owner.close()
}

const thingSubject = (db: Db, told: string[]): ApprovalSubject => {
  const become = (state: string) => async (_ctx: Ctx, ids: readonly string[]) => {
    told.push(...ids.map(id => `${state} ${id}`))
    await db.run(sql`
      UPDATE test_things.things SET state = ${state},
        approved_content = CASE WHEN ${state} = 'approved' THEN content END
      WHERE id = ANY(${[...ids]}::uuid[])`)
  }
  return {
    type: 'thing',
    permission: 'cycle:approve',
    required: true,
    facts: { amount: 'decimal' },
    risks: [{ risk: 'odd', means: 'The amount is 666.', of: facts => facts.amount === 666 }],
    lock: async ids => {
      await db.query(
        sql`SELECT FROM test_things.things WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`,
      )
    },
    digests: async ids => {
      const rows = await db.query<TestThing>(
        sql`SELECT * FROM test_things.things WHERE id = ANY(${[...ids]}::uuid[])`,
      )
      return new Map(rows.map(r => [r.id, digestOf(r.content)]))
    },
    approved: become('approved'),
    rejected: become('rejected'),
    returned: become('returned'),
    withdrawn: become('withdrawn'),
  }
}
