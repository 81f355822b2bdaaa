import sql from 'sql-template-tag'
import type { Thing } from '../things/index.ts'

export const programThing: Thing = {
  type: 'program',
  named: 'code',
  permission: 'program:read',
  born: ['program.create'],
  money: { fields: ['amount'], currency: sql`SELECT id, currency FROM programs.programs` },
  all: sql`
    SELECT id, NULL::bigint AS ref, code, NULL AS kind, NULL::uuid AS area_id, id AS program_id FROM programs.programs`,
  state: sql`
    SELECT p.id, jsonb_build_object('code', p.code, 'name', p.name, 'target', p.target, 'currency', p.currency,
      'fund', (SELECT f.code FROM ledger.fund_codes f WHERE f.id = p.fund_id), 'rules', p.rules, 'state', p.state,
      'version', p.version, 'components', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('code', k.code, 'kind', k.kind, 'item', k.item, 'unit', k.unit,
          'basis', k.basis, 'amount', k.amount::text, 'maximum', k.maximum::text, 'formula', k.formula)
          ORDER BY k.position), '[]')
        FROM programs.components k WHERE k.program_id = p.id AND NOT k.retired)) AS state
    FROM programs.programs p`,
}

/** Programs, their enrolments, cycles and entitlements, as the trail, the history and approvals know them. */
export const programThings: readonly Thing[] = [
  programThing,
  {
    type: 'enrolment',
    named: ['enrolment'],
    permission: 'enrolment:read',
    born: ['enrolment.open'],
    people: sql`SELECT id, registrant_id FROM programs.enrolments`,
    all: sql`
      SELECT e.id, e.ref, NULL::text AS code, 'enrolment' AS kind, t.area_id, e.program_id
      FROM programs.enrolments e JOIN registry.people t ON t.id = e.registrant_id`,
    state: sql`
      SELECT e.id, jsonb_build_object('program', p.code, 'registrant',
        kernel.reference(CASE t.kind WHEN 'group' THEN 'GR' ELSE 'IN' END, t.ref), 'status', e.status, 'reason', e.reason,
        'startedOn', e.started_on, 'endedOn', e.ended_on) AS state
      FROM programs.enrolments e JOIN programs.programs p ON p.id = e.program_id
      JOIN registry.people t ON t.id = e.registrant_id`,
  },
  {
    type: 'cycle',
    named: ['cycle'],
    permission: 'cycle:read',
    born: ['cycle.open'],
    money: {
      fields: ['amount', 'committed'],
      currency: sql`SELECT c.id, p.currency FROM programs.cycles c JOIN programs.programs p ON p.id = c.program_id`,
    },
    all: sql`
      SELECT id, ref, NULL::text AS code, 'cycle' AS kind, NULL::uuid AS area_id, program_id FROM programs.cycles`,
    state: sql`
      SELECT c.id, jsonb_build_object('program', p.code, 'code', c.code, 'name', c.name, 'state', c.state,
        'validFrom', c.valid_from, 'validUntil', c.valid_until, 'preparation', c.preparation,
        'evaluationDate', c.evaluation_date, 'basis', c.basis, 'digest', encode(c.digest, 'hex'),
        'comment', c.comment) AS state
      FROM programs.cycles c JOIN programs.programs p ON p.id = c.program_id`,
  },
  {
    // Whether it is a draft, approved, cancelled or expired is said of its whole cycle at once.
    type: 'entitlement',
    named: ['entitlement'],
    permission: 'entitlement:read',
    born: [],
    money: {
      fields: ['amount', 'fulfilled'],
      currency: sql`
        SELECT e.id, p.currency FROM programs.entitlements e
        JOIN programs.components k ON k.id = e.component_id AND k.kind = 'cash'
        JOIN programs.programs p ON p.id = k.program_id`,
    },
    people: sql`SELECT id, registrant_id FROM programs.entitlements`,
    all: sql`
      SELECT e.id, e.ref, NULL::text AS code, 'entitlement' AS kind, e.area_id, c.program_id
      FROM programs.entitlements e JOIN programs.cycles c ON c.id = e.cycle_id`,
    state: sql`
      SELECT e.id, jsonb_build_object('cycle', kernel.reference('CY', c.ref), 'registrant',
        kernel.reference(CASE t.kind WHEN 'group' THEN 'GR' ELSE 'IN' END, t.ref), 'component', k.code,
        'amount', e.amount::text, 'fulfilled', e.fulfilled::text) AS state
      FROM programs.entitlements e JOIN programs.cycles c ON c.id = e.cycle_id
      JOIN programs.components k ON k.id = e.component_id
      JOIN registry.people t ON t.id = e.registrant_id`,
  },
]
