import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { entriesTouching } from '#core/audit/index.ts'
import { canonicalJson, type Fields } from '#core/kernel/index.ts'
import { things } from '#gateway/things.ts'
import type { TestGateway } from '#tests/support/gateway.ts'
import type { Described } from '#tests/support/openapi.ts'

/** What the steps before have made: names to put into paths and bodies. */
export type World = {
  g: TestGateway
  tokens: Record<'maker' | 'checker', string>
  names: Record<string, string>
}

/** One working call of a mutating operation, made by somebody after the steps before it. */
export type Step = {
  /** The operation's id. */
  does: string
  as?: 'maker' | 'checker'
  /** What stands in the path's parameters, by the names of the world. */
  at?: Record<string, string>
  query?: string
  body?: object | ((world: World) => object)
  /** A body that is no JSON. */
  file?: { type: string; text: (world: World) => string | Promise<string> }
  /** Takes out of the answer what later steps name. */
  keep?: (names: World['names'], answer: Record<string, never>) => void
  /** What has to be there first and is made by the system itself. */
  first?: (world: World) => Promise<void>
}

/** The state of every thing there is, by `type id`. */
export type Snapshot = ReadonlyMap<string, { type: string; id: string; state: Fields }>

export const snapshot = async ({ g }: World): Promise<Snapshot> => {
  const all = new Map<string, { type: string; id: string; state: Fields }>()
  for (const { type, state } of things)
    for (const row of await g.db.query<{ id: string; state: Fields }>(state))
      all.set(`${type} ${row.id}`, { type, ...row })
  return all
}

/** Calls an operation as a step says, waits for the job that it starts, and gives the id of the request. */
export const take = async (world: World, step: Step, operation: Described): Promise<string> => {
  const { g, tokens, names } = world
  await step.first?.(world)
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, parameter: string) => {
    const name = step.at?.[parameter]
    assert.ok(name, `${step.does}: says nothing about ${parameter}`)
    return encodeURIComponent(names[name] ?? name)
  })
  const body = typeof step.body === 'function' ? step.body(world) : step.body
  const answer = await g.call(operation.method.toUpperCase(), path + (step.query ?? ''), {
    token: tokens[step.as ?? 'maker'],
    ...(step.file
      ? { raw: await step.file.text(world), headers: { 'Content-Type': step.file.type } }
      : { body }),
  })
  assert.ok(answer.status < 300, `${step.does}: ${answer.status} ${JSON.stringify(answer.body)}`)
  if (typeof answer.body?.job === 'string') await g.job(answer.body.job)
  step.keep?.(names, answer.body)
  return answer.headers.get('X-Request-Id')!
}

type Entry = { action: string; before: Fields | null; after: Fields | null }

/** What the entries of a request say of a thing, in the order in which they were made. */
const entriesOf = (world: World, requestId: string, id: string): Promise<Entry[]> =>
  world.g.db.query<Entry>(sql`
    SELECT e.action,
      CASE WHEN e.before IS NULL THEN d.before ELSE e.before || coalesce(d.before, '{}') END AS before,
      CASE WHEN e.after IS NULL THEN d.after ELSE e.after || coalesce(d.after, '{}') END AS after
    FROM (${entriesTouching([id])}) t JOIN audit.entries e ON (e.xid, e.id) = (t.xid, t.id)
    CROSS JOIN LATERAL (SELECT nullif((e.details->'before'->(t.item - 1))::jsonb, 'null') AS before,
      nullif((e.details->'after'->(t.item - 1))::jsonb, 'null') AS after) d
    WHERE e.request_id = ${requestId} AND (t.item IS NULL) = (e.item_ids IS NULL) ORDER BY e.at`)

/** Made, and removed while nobody has approved them, in whole sets by what they belong to, whose entry says how many. */
const MADE_IN_SETS = ['entitlement', 'payment-review', 'job', 'payment']

/** What is made one at a time: the entry says everything that was set. */
const MADE_ONE_BY_ONE = new Set(
  things
    .map(t => t.type)
    .filter(type => ![...MADE_IN_SETS, 'registrant', 'enrolment', 'credential'].includes(type)),
)

const same = (a: unknown, b: unknown) => canonicalJson([a ?? null]) === canonicalJson([b ?? null])

/** The fields in which two states differ; null in both is no difference. */
const differing = (a: Fields, b: Fields) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(field => !same(a[field], b[field])).sort()

/** What is wrong with what the trail says of a request, when compared with what it changed. */
export const wrongsOf = async (
  world: World,
  requestId: string,
  before: Snapshot,
  after: Snapshot,
): Promise<string[]> => {
  const wrongs: string[] = []
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(key), after.get(key)]
    const thing = things.find(t => t.type === (is ?? was)!.type)!
    const changed = differing(was?.state ?? {}, is?.state ?? {})
    if (changed.length === 0 || (!(was && is) && MADE_IN_SETS.includes(thing.type))) continue
    const entries = await entriesOf(world, requestId, (is ?? was)!.id)
    const said = was
      ? entries.filter(e => e.before)
      : entries.filter(e => thing.born.includes(e.action) || e.before)
    if (said.length === 0) {
      wrongs.push(`${key} has no entry; it changed ${changed.join()}`)
      continue
    }
    const first: Fields = {}
    const last: Fields = {}
    for (const e of said) {
      for (const [field, value] of Object.entries(e.before ?? {})) if (!(field in first)) first[field] = value
      Object.assign(last, e.after)
    }
    const known = { ...was?.state, ...is?.state }
    if (was)
      for (const field of Object.keys(first))
        if (!(field in known) && !field.includes('.')) wrongs.push(`${key} has no field ${field}`)
    const told = was || MADE_ONE_BY_ONE.has(thing.type) ? changed : changed.filter(field => field in last)
    for (const field of told) {
      if (was && !same(first[field], was.state[field]))
        wrongs.push(
          `${key}: ${field} was ${canonicalJson([was.state[field] ?? null])}, said ${canonicalJson([first[field] ?? null])}`,
        )
      if (is && !same(last[field], is.state[field]))
        wrongs.push(
          `${key}: ${field} is ${canonicalJson([is.state[field] ?? null])}, said ${canonicalJson([last[field] ?? null])}`,
        )
    }
    const single = said.length === 1 && was
    const claimed = Object.keys(first).filter(f => !changed.includes(f) && f in known)
    if (single && claimed.length > 0) wrongs.push(`${key}: ${claimed.join()} did not change`)
  }
  return wrongs
}
