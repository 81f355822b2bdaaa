import sql, { type Sql } from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import { type Audit, insertSet } from '../audit/index.ts'
import { type Db, violated } from '../db/index.ts'
import { JobCancelled, type JobHandler, type JobRun } from '../jobs/index.ts'
import { type Clock, type Ctx, DomainError, dayOf } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import {
  addIdentifiers,
  type BulkSource,
  insertGroups,
  insertIdentifiers,
  insertIndividuals,
  lockRegistrants,
  updateIndividuals,
} from '../registry/index.ts'
import { attributeKey } from './attributes.ts'
import { byPerson, type Change, recordChanges, type Versioned } from './changes.ts'
import { knownPeople, lookUpByIndex, newIdentifiers, recordFindings, resolveChunk } from './chunk.sql.ts'
import { endWork } from './end-work.ts'
import type { ColumnKey } from './fields.ts'
import { saidOfGroup } from './group-attributes.sql.ts'
import { writeHanging } from './hanging.ts'
import type { ImportRow, Totals } from './model.ts'
import type { Staging } from './stage.ts'
import { loadImport } from './store.ts'
import { countIssues } from './test-import.ts'

type Deps = { db: Db; clock: Clock; audit: Audit; outbox: Outbox; staging: Staging }

type Pending = { chunk: number; rows: number }
type Written = { people: number; groups: number; own_memberships: number; updated: number; left_out: number }
/** How often a chunk is tried again when somebody else registers one of its people at the same moment. */
const ATTEMPTS = 3

/** The staged rows are gone: the database crashed, and empties unlogged tables when it does. */
class StagingLost extends Error {}

/**
 * The job `imports.commit`: writes the people of a tested file, one chunk of whole households in one transaction with
 * its audit entries, its message and its own completion. Whatever stops it, the next run goes on with the chunks that
 * are not complete.
 */
export const createCommitJob = (deps: Deps): JobHandler => {
  const { db, staging } = deps

  const next = (id: string) =>
    db.one<Pending>(sql`
      SELECT chunk, rows FROM imports.chunks WHERE import_id = ${id} AND committed_at IS NULL ORDER BY chunk LIMIT 1`)

  const countDone = async (id: string): Promise<Partial<Totals>> => {
    const sums = await db.one<Partial<Totals>>(sql`
      SELECT coalesce(sum(rows), 0)::int AS rows, coalesce(sum(people), 0)::int AS create,
        coalesce(sum(updated), 0)::int AS update, coalesce(sum(left_out), 0)::int AS "leftOut"
      FROM imports.chunks WHERE import_id = ${id}`)
    return { ...sums, ...(await countIssues(db, id)) }
  }

  /** The last step, done once whoever gets here. */
  const finish = (ctx: Ctx, im: ImportRow) =>
    db.transaction(async () => {
      const totals = { ...im.totals, ...(await countDone(im.id)) }
      if (await endWork(deps, ctx, im.id, ['committing', 'committed'], totals)) {
        await db.run(sql`DELETE FROM imports.staged_rows WHERE import_id = ${im.id}`)
        await deps.outbox.publish('import.committed', im.id, totals)
      }
      return totals
    })

  const commitAll = async (run: JobRun, im: ImportRow) => {
    let isRebuilt = false
    for (let pending = await next(im.id); pending; pending = await next(im.id)) {
      await run.checkpoint()
      requirePermission(run.ctx, 'import:write')
      try {
        await commitChunk(deps, run, im, pending)
      } catch (error) {
        if (!(error instanceof StagingLost) || isRebuilt) throw error
        isRebuilt = true
        await staging.stage(run.ctx, im, false, () => run.checkpoint())
      }
    }
  }

  return async (run, payload) => {
    requirePermission(run.ctx, 'import:write')
    const im = await loadImport(db, payload.importId as string)
    if (im.state !== 'committing') return undefined
    try {
      await commitAll(run, im)
    } catch (error) {
      if (isStopped(error)) await endWork(deps, run.ctx, im.id, ['committing', 'paused'])
      throw error
    }
    return finish(run.ctx, im)
  }
}

/** Somebody asked to stop, or whoever committed may no longer do so: another may go on. */
const isStopped = (error: unknown): boolean =>
  error instanceof JobCancelled || (error instanceof DomainError && error.code === 'forbidden')

const commitChunk = async (deps: Deps, run: JobRun, im: ImportRow, pending: Pending): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await deps.db.transaction(() => writeChunk(deps, run, im, pending))
    } catch (error) {
      if (violated(error) === undefined || attempt >= ATTEMPTS) throw error
    }
  }
}

const writeChunk = async (
  deps: Deps,
  run: JobRun,
  im: ImportRow,
  { chunk, rows }: Pending,
): Promise<void> => {
  const { db, clock, outbox } = deps
  const claimed = await db.one(sql`
    SELECT 1 FROM imports.chunks WHERE import_id = ${im.id} AND chunk = ${chunk} AND committed_at IS NULL FOR UPDATE`)
  if (!claimed) return
  await db.run(lookUpByIndex)
  await db.run(lockRegistrants(knownPeople(im, chunk)))
  const staged = await db.run(
    resolveChunk(im, chunk, visible(run.ctx, 'registrant:write', { area: sql`k.area_id` })),
  )
  if (staged !== rows) throw new StagingLost()
  await db.run(recordFindings(im))

  const at = clock.now()
  const written = await writePeople(db, { kind: 'import', id: im.id, at }, im)
  const hanging = await writeHanging(db, at, dayOf(at))
  const updated = byPerson(await addMissingIdentifiers(db, im, at), await updatePeople(db, im, at))
  await recordAudit(deps, run, im, chunk, byPerson(updated, hanging))

  const counts: Written = { ...written, updated: updated.length }
  await db.run(sql`
    UPDATE imports.chunks SET people = ${counts.people}, groups = ${counts.groups}, own_memberships = ${counts.own_memberships},
      updated = ${counts.updated}, left_out = ${counts.left_out}, committed_at = ${at}
    WHERE import_id = ${im.id} AND chunk = ${chunk}`)
  await outbox.publish('import.chunk-committed', im.id, { chunk, ...counts })
  const progress = await db.one(sql`
    SELECT coalesce(sum(rows) FILTER (WHERE committed_at IS NOT NULL), 0)::int AS done, sum(rows)::int AS total
    FROM imports.chunks WHERE import_id = ${im.id}`)
  await run.progress(progress!.done, progress!.total)
}

/** New people, groups and identifiers of the chunk. */
const writePeople = async (db: Db, source: BulkSource, im: ImportRow): Promise<Omit<Written, 'updated'>> => {
  const { at } = source
  const people = await db.run(
    insertIndividuals(
      sql`SELECT person_id AS id, unit_area_id AS area_id, name, given_name, family_name, sex, birth_date,
            birth_precision, CASE WHEN phone IS NULL THEN '{}' ELSE ARRAY[phone] END AS phones,
            coalesce(attributes, '{}') AS attributes
          FROM chunk WHERE NOT is_left_out AND NOT is_known ORDER BY person_id`,
      source,
    ),
  )
  const groups = await db.run(
    insertGroups(
      sql`SELECT group_id AS id, unit_area_id AS area_id, name, ${im.options.groupType ?? 'household'}::text AS group_type,
            coalesce(${saidOfGroup}, '{}') AS attributes
          FROM chunk WHERE NOT is_left_out AND NOT group_is_known AND relation = 'head' AND group_id IS NOT NULL`,
      source,
    ),
  )
  await db.run(
    insertIdentifiers(
      sql`SELECT person_id AS registrant_id, identifier_type AS type, identifier AS value
          FROM chunk WHERE NOT is_left_out AND NOT is_known AND identifier IS NOT NULL`,
      at,
    ),
  )
  const counts = await db.one<{ own_memberships: number; left_out: number }>(sql`
    SELECT count(*) FILTER (WHERE is_left_out)::int AS left_out,
      count(*) FILTER (WHERE NOT is_left_out AND group_id IS NOT NULL AND NOT is_member
                         AND NOT (is_known AND group_is_known))::int AS own_memberships
    FROM chunk`)
  return { people, groups, ...counts! }
}

/** Which columns of the registry a column of the file changes. */
const CHANGES: Partial<Record<ColumnKey, readonly string[]>> = {
  name: ['name'],
  given_name: ['given_name'],
  family_name: ['family_name'],
  sex: ['sex'],
  birth_date: ['birth_date', 'birth_precision'],
  phone: ['phones'],
  area: ['area_id'],
}

const OF_PERSON = attributeKey({ kind: 'individual', code: '' })

/**
 * What the chunk says of people who are known. An empty cell says nothing, and a date that is only less exact
 * than the known one says nothing either; a phone and attributes are added to those there are.
 */
const changedFields = (keep: readonly ColumnKey[]): Sql => {
  const keptCodes = keep.filter(key => key.startsWith(OF_PERSON)).map(key => key.slice(OF_PERSON.length))
  const said = sql`(attributes - ${keptCodes}::text[])`
  return sql`SELECT person_id AS id, jsonb_strip_nulls(jsonb_build_object(
      'area_id', area_id, 'name', name, 'given_name', given_name, 'family_name', family_name, 'sex', sex,
      'birth_date', CASE WHEN birth_agrees IS NOT TRUE THEN birth_date END,
      'birth_precision', CASE WHEN birth_agrees IS NOT TRUE THEN birth_precision END,
      'phones', CASE WHEN phone IS NOT NULL AND phone <> ALL(known_phones) THEN to_jsonb(known_phones || phone) END,
      'attributes', CASE WHEN NOT known_attributes @> ${said} THEN known_attributes || ${said} END
    )) - ${keep.flatMap(key => CHANGES[key] ?? [])}::text[] AS fields
  FROM chunk WHERE is_known AND NOT is_left_out`
}

/** Gives people who were recognised without an identifier the one that the file has for them. */
const addMissingIdentifiers = async (db: Db, im: ImportRow, at: Date): Promise<Change[]> => {
  const changes = await db.query<Versioned>(addIdentifiers(newIdentifiers, at))
  await db.run(sql`
    INSERT INTO imports.updated_people (import_id, registrant_id, version, before, identifier_type, identifier)
    SELECT ${im.id}, u.id, u.version, '{}', c.identifier_type, c.identifier
    FROM unnest(${changes.map(c => c.id)}::uuid[], ${changes.map(c => c.version)}::int[]) AS u (id, version)
    JOIN chunk c ON c.person_id = u.id`)
  return changes
}

/** Changes people who are known. What they were before is noted without leaving the database, where numbers are exact. */
const updatePeople = (db: Db, im: ImportRow, at: Date): Promise<Change[]> =>
  db.query<Change>(sql`
    WITH changed AS (${updateIndividuals(changedFields(im.options.keep ?? []), at)}), noted AS (
      INSERT INTO imports.updated_people (import_id, registrant_id, version, before)
      SELECT ${im.id}, id, version, before FROM changed
      ON CONFLICT (import_id, registrant_id) DO UPDATE SET version = excluded.version, before = excluded.before
    )
    SELECT id, version, before, after FROM changed`)

/** One entry per thousand new registrants, with their ids and the digest of what was written; changes one by one. */
const recordAudit = async (
  { db }: Deps,
  { ctx }: JobRun,
  im: ImportRow,
  chunk: number,
  changes: readonly Change[],
) => {
  const subject = { type: 'import', id: im.id }
  const digest = await db.one(sql`
    SELECT encode(sha256(convert_to(coalesce(string_agg(
      concat_ws('|', line, person_id, group_id, unit_area_id, relation, name, sex, birth_date, birth_precision, phone,
        identifier_type, identifier, account_kind, account, attributes, group_attributes),
      E'\n' ORDER BY line), ''), 'UTF8')), 'hex') AS digest
    FROM chunk WHERE NOT is_left_out`)
  await db.run(
    insertSet(
      ctx,
      { action: 'registrant.import', subject, after: { chunk, digest: digest!.digest } },
      sql`SELECT person_id AS id FROM chunk WHERE NOT is_left_out AND NOT is_known
          UNION SELECT group_id FROM chunk WHERE NOT is_left_out AND NOT group_is_known AND group_id IS NOT NULL`,
    ),
  )
  await recordChanges(db, ctx, im.id, changes)
}
