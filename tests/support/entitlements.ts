import sql from 'sql-template-tag'
import type { Db } from '#core/db/index.ts'
import { formatReference, randomRef, uuid7 } from '#core/kernel/index.ts'

export type TestCycle = { id: string; reference: string; programId: string; componentId: string }
export type TestEntitlement = { id: string; reference: string; registrantId: string; registrant: string }

/** An approved cycle of a program with one component: so many of an item, or cash when no item is named. */
export const makeCycle = async (
  db: Db,
  options: { code: string; item?: string; unit?: string; validFrom?: string; validUntil?: string },
): Promise<TestCycle> => {
  const { code, item = null } = options
  const unit = item === null ? null : (options.unit ?? 'KGM')
  const [programId, componentId, id, ref] = [uuid7(), uuid7(), uuid7(), randomRef()]
  await db.run(sql`
    INSERT INTO programs.programs (id, code, name, target, currency, rules, state, created_at)
    VALUES (${programId}, ${code}, ${`Program ${code}`}, 'group', 'ETB', '{true}', 'active', now())`)
  await db.run(sql`
    INSERT INTO programs.components (id, program_id, position, code, kind, item, unit, basis, amount)
    VALUES (${componentId}, ${programId}, 0, 'MAIN', ${item === null ? 'cash' : 'in_kind'}, ${item}, ${unit}, 'fixed', 25)`)
  await db.run(sql`
    INSERT INTO programs.cycles (id, ref, program_id, code, name, state, valid_from, valid_until, digest, created_at)
    VALUES (${id}, ${ref}, ${programId}, 'C1', 'First', 'approved', ${options.validFrom ?? '2026-01-01'},
            ${options.validUntil ?? '2026-12-31'}, ${Buffer.alloc(32)}, now())`)
  return { id, reference: formatReference('cycle', ref), programId, componentId }
}

/** A household with a head, and its approved entitlement. */
export const makeEntitlement = async (
  db: Db,
  cycle: TestCycle,
  options: { areaId: string; amount?: number; name?: string },
): Promise<TestEntitlement> => {
  const [id, ref, registrantId, memberId] = [uuid7(), randomRef(), uuid7(), uuid7()]
  const registrantRef = randomRef()
  await db.run(sql`
    INSERT INTO registry.registrants (id, ref, kind, area_id, name, group_type, source) VALUES
      (${registrantId}, ${registrantRef}, 'group', ${options.areaId}, 'A household', 'household', 'test'),
      (${memberId}, ${randomRef()}, 'individual', ${options.areaId}, ${options.name ?? 'Alem Bekele'}, NULL, 'test')`)
  await db.run(sql`
    INSERT INTO registry.memberships (group_id, member_id, started_on, roles)
    VALUES (${registrantId}, ${memberId}, '2026-01-01', '{head}')`)
  await db.run(sql`
    INSERT INTO programs.entitlements (id, ref, amount, cycle_id, registrant_id, component_id, area_id, status, inputs)
    VALUES (${id}, ${ref}, ${options.amount ?? 25}, ${cycle.id}, ${registrantId}, ${cycle.componentId},
            ${options.areaId}, 'approved', '{}')`)
  return {
    id,
    reference: formatReference('entitlement', ref),
    registrantId,
    registrant: formatReference('group', registrantRef),
  }
}
