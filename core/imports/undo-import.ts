import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { type Audit, insertChanges } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { JobHandler } from '../jobs/index.ts'
import { type Clock, type Ctx, DomainError, dayOf, type Fields, ruleViolated } from '../kernel/index.ts'
import type { Outbox } from '../outbox/index.ts'
import {
  disableSource,
  invalidateIdentifiers,
  lockRegistrants,
  sourceState,
  updateIndividuals,
} from '../registry/index.ts'
import { byPerson, type Change, recordChanges } from './changes.ts'
import { endWork } from './end-work.ts'
import type { ImportRow, ImportState } from './model.ts'
import { loadImport } from './store.ts'

type Deps = { db: Db; clock: Clock; audit: Audit; outbox: Outbox }

const REASON = 'the import was undone'

/** Refuses when anything that the import wrote was changed, or joined by a membership it did not make. */
const requireUntouched = async (db: Db, im: ImportRow) => {
  await db.run(
    lockRegistrants(sql`SELECT registrant_id AS id FROM imports.updated_people WHERE import_id = ${im.id}`),
  )
  const written = await db.one(sql`
    SELECT coalesce(sum(people + groups), 0)::int AS registrants, coalesce(sum(own_memberships), 0)::int AS memberships
    FROM imports.chunks WHERE import_id = ${im.id} AND committed_at IS NOT NULL`)
  const now = await db.one(sourceState(im.id))
  const moved = await db.one(sql`
    SELECT count(*)::int AS n FROM imports.updated_people u
    JOIN registry.records r ON r.id = u.registrant_id AND r.version <> u.version WHERE u.import_id = ${im.id}`)
  const touched = now!.changed + moved!.n + Math.abs(now!.memberships - written!.memberships)
  if (now!.registrants !== written!.registrants || touched > 0)
    throw ruleViolated(
      'import-touched',
      'The import cannot be undone: some of the people or households it wrote were changed since.',
    )
}

/**
 * Puts back the fields of people who were known before, takes away the identifiers that they were given, and disables
 * those who were not known.
 */
const takeBack = async ({ db, clock }: Deps, ctx: Ctx, im: ImportRow) => {
  const at = clock.now()
  const subject = { type: 'import', id: im.id }
  const touched = await db.query<{ id: string; disabled: boolean; before: Fields }>(
    disableSource(im.id, at, dayOf(at), REASON),
  )
  const disabled = touched.filter(r => r.disabled)
  const bereaved = touched
    .filter(r => !r.disabled)
    .map(({ id, before }): Change => ({ id, before, after: noneOf(before) }))
  await db.run(
    insertChanges(
      ctx,
      {
        action: 'registrant.disable',
        subject,
        before: { status: 'active' },
        after: { status: 'disabled', reason: REASON },
      },
      sql`SELECT id, before, (SELECT coalesce(jsonb_object_agg(field, NULL), '{}') FROM jsonb_object_keys(before) field) AS after
          FROM unnest(${disabled.map(r => r.id)}::uuid[], ${disabled.map(r => JSON.stringify(r.before))}::jsonb[]) AS d (id, before)`,
    ),
  )
  const bereft = await db.query<Change>(
    invalidateIdentifiers(
      sql`SELECT registrant_id, identifier_type AS type, identifier AS value FROM imports.updated_people
          WHERE import_id = ${im.id} AND identifier IS NOT NULL`,
      at,
    ),
  )
  const rewritten = await db.query<Change>(
    updateIndividuals(
      sql`SELECT registrant_id AS id, before AS fields FROM imports.updated_people WHERE import_id = ${im.id}`,
      at,
    ),
  )
  const restored = byPerson(bereft, rewritten)
  await recordChanges(db, ctx, im.id, byPerson(restored, bereaved))
  return { disabled: disabled.length, restored: restored.length }
}

const noneOf = (before: Fields): Fields => Object.fromEntries(Object.keys(before).map(field => [field, null]))

/**
 * The job `imports.undo`: takes a whole import back, in one transaction, while nothing later touched what it wrote.
 * New registrants are disabled with a reason (registrants are never deleted), and people who were known before get
 * the fields back that they had. Otherwise `rule_violated` (`import-touched`), and nothing is changed.
 */
export const createUndoJob = (deps: Deps): JobHandler => {
  const { db, outbox } = deps
  return async (run, payload) => {
    requirePermission(run.ctx, 'import:write')
    const im = await loadImport(db, payload.importId as string)
    if (im.state !== 'undoing') return undefined
    try {
      return await db.transaction(async () => {
        await requireUntouched(db, im)
        const result = await takeBack(deps, run.ctx, im)
        await db.run(sql`DELETE FROM imports.staged_rows WHERE import_id = ${im.id}`)
        await endWork(deps, run.ctx, im.id, ['undoing', 'undone'])
        await outbox.publish('import.undone', im.id, result)
        return result
      })
    } catch (error) {
      if (error instanceof DomainError && error.rule === 'import-touched')
        await endWork(deps, run.ctx, im.id, ['undoing', payload.from as ImportState])
      throw error
    }
  }
}
