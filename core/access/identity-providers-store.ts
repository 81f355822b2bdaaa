import sql, { type Sql } from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { GrantView } from './grants.ts'
import type { Mapping } from './identity-providers-rules.ts'
import { isPredefined } from './roles.ts'

/** A provider as the database keeps it. */
export type ProviderRow = {
  id: string
  code: string
  name: string
  issuer: string
  client_id: string
  secret_sealed: Buffer
  scopes: string[]
  username_claim: string
  group_claim: string
  makes_accounts: boolean
  trusts_email: boolean
  state: 'active' | 'disabled'
  version: number
}

/** A mapping as it is shown, its scope by codes. */
export type MappingView = { group: string } & Omit<GrantView, 'source'>

/** What a sealed client secret is bound to: moved to another row it does not open. */
export const secretBoundTo = (providerId: string): string =>
  `access.identity_providers/secret_sealed/${providerId}`

/** Reads providers by a condition on `p`. */
export const providersWhere = (db: Db, condition: Sql): Promise<ProviderRow[]> =>
  db.query<ProviderRow>(sql`SELECT p.* FROM access.identity_providers p WHERE ${condition}`)

/** What the groups of a provider are granted now, without roles that are there no longer. */
export const mappingsOf = async (db: Db, providerId: string): Promise<Mapping[]> => {
  const rows = await db.query<MappingRow & { is_custom: boolean }>(sql`
    SELECT m.group_name, m.role, m.area_ids, m.program_ids, r.code IS NOT NULL AS is_custom
    FROM access.identity_provider_mappings m LEFT JOIN access.roles r ON r.code = m.role
    WHERE m.provider_id = ${providerId} ORDER BY m.position`)
  return rows
    .filter(m => m.is_custom || isPredefined(m.role))
    .map(m => ({
      group: m.group_name,
      role: m.role,
      ...(m.area_ids ? { areaIds: m.area_ids } : {}),
      ...(m.program_ids ? { programIds: m.program_ids } : {}),
    }))
}

/** The mappings of a provider as they are shown. */
export const shownMappings = async (db: Db, providerId: string): Promise<MappingView[]> => {
  const rows = await db.query<{
    group: string
    role: string
    areas: string[] | null
    programs: string[] | null
  }>(
    sql`
      SELECT m.group_name AS group, m.role,
        CASE WHEN m.area_ids IS NOT NULL THEN
          ARRAY(SELECT a.code FROM areas.areas a WHERE a.id = ANY(m.area_ids) ORDER BY a.code) END AS areas,
        CASE WHEN m.program_ids IS NOT NULL THEN
          ARRAY(SELECT p.code FROM programs.program_codes p WHERE p.id = ANY(m.program_ids) ORDER BY p.code) END AS programs
      FROM access.identity_provider_mappings m WHERE m.provider_id = ${providerId} ORDER BY m.position`,
  )
  return rows.map(({ group, role, areas, programs }) => ({
    group,
    role,
    ...(areas ? { areas } : {}),
    ...(programs ? { programs } : {}),
  }))
}

/** Puts mappings in the place of those that a provider has. */
export const writeMappings = async (
  db: Db,
  providerId: string,
  mappings: readonly Mapping[],
): Promise<void> => {
  await db.run(sql`DELETE FROM access.identity_provider_mappings WHERE provider_id = ${providerId}`)
  for (const [position, m] of mappings.entries())
    await db.run(sql`
      INSERT INTO access.identity_provider_mappings (provider_id, position, group_name, role, area_ids, program_ids)
      VALUES (${providerId}, ${position}, ${m.group}, ${m.role}, ${m.areaIds ? [...m.areaIds] : null}::uuid[],
              ${m.programIds ? [...m.programIds] : null}::uuid[])`)
}

type MappingRow = {
  group_name: string
  role: string
  area_ids: string[] | null
  program_ids: string[] | null
}
