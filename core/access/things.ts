import sql from 'sql-template-tag'

/*
 * Accounts and roles, as the trail and the history know them. They are of the type `Thing` (core/things), which they do
 * not name: it speaks of permissions, so it stands above this module.
 */

/** What an account was given, in the words of `GrantState`; what follows from a provider's groups as `grants.SOURCE`. */
const grantsOf = (holder: 'u' | 'c') => {
  const id = holder === 'u' ? sql`u.id` : sql`c.id`
  const grants = sql`
    jsonb_agg(jsonb_build_object('role', g.role, 'areaIds', g.area_ids, 'programIds', g.program_ids)
      ORDER BY g.role, g.area_ids, g.program_ids)`
  return sql`jsonb_build_object('grants', '[]'::jsonb) || (
    SELECT coalesce(jsonb_object_agg(CASE source WHEN 'given' THEN 'grants' ELSE 'grants.' || source END, of), '{}')
    FROM (SELECT g.source, ${grants} AS of FROM access.grants g WHERE g.holder_id = ${id} GROUP BY g.source) s)`
}

/** Of a client `c`: the secrets that nobody took away, and when they end. */
const secretsOf = sql`(
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', kernel.reference('CS', s.ref), 'expiresAt', s.expires_at)
    ORDER BY s.id), '[]')
  FROM access.client_secrets s WHERE s.client_id = c.id AND s.revoked_at IS NULL)`

const keysOf = sql`(
  SELECT coalesce(jsonb_agg(jsonb_build_object('kid', k.kid, 'alg', k.alg, 'jwk', k.jwk) ORDER BY k.kid), '[]')
  FROM access.client_keys k WHERE k.client_id = c.id)`

const coded = sql`NULL::text AS kind, NULL::uuid AS area_id, NULL::uuid AS program_id`

export const accessThings = [
  {
    type: 'user',
    named: 'code',
    permission: 'user:read',
    born: ['user.create'],
    aliases: sql`SELECT DISTINCT ON (person_id) person_id AS id, username AS code FROM access.users ORDER BY person_id, id`,
    all: sql`SELECT id, NULL::bigint AS ref, username AS code, ${coded} FROM access.users`,
    state: sql`
      SELECT u.id, jsonb_build_object('username', u.username, 'name', u.name, 'email', u.email,
        'supervisorId', u.supervisor_id, 'personId', u.person_id, 'status', u.status, 'secondFactor', EXISTS (
          SELECT FROM access.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)) || ${grantsOf('u')} AS state
      FROM access.users u`,
  },
  {
    type: 'client',
    named: 'code',
    permission: 'client:read',
    born: ['client.create'],
    all: sql`SELECT id, NULL::bigint AS ref, client_id AS code, ${coded} FROM access.clients`,
    state: sql`
      SELECT c.id, jsonb_build_object('clientId', c.client_id, 'name', c.name, 'ownerId', c.owner_id, 'status', c.status,
        'tokenSeries', c.token_series, 'secrets', ${secretsOf}, 'keys', ${keysOf}) || ${grantsOf('c')} AS state
      FROM access.clients c`,
  },
  {
    type: 'role',
    named: 'code',
    permission: 'role:read',
    born: ['role.create'],
    all: sql`SELECT id, NULL::bigint AS ref, code, ${coded} FROM access.roles`,
    state: sql`
      SELECT id, jsonb_build_object('code', code, 'name', name, 'description', description, 'permissions', permissions,
        'masks', masks) AS state
      FROM access.roles`,
  },
  {
    type: 'identity-provider',
    named: 'code',
    permission: 'identity-provider:read',
    born: ['identity-provider.create'],
    all: sql`SELECT id, NULL::bigint AS ref, code, ${coded} FROM access.identity_providers`,
    state: sql`
      SELECT p.id, jsonb_build_object('code', p.code, 'name', p.name, 'issuer', p.issuer, 'clientId', p.client_id,
        'scopes', p.scopes, 'usernameClaim', p.username_claim, 'groupClaim', p.group_claim,
        'makesAccounts', p.makes_accounts, 'trustsEmail', p.trusts_email, 'state', p.state, 'version', p.version,
        'mappings', (
          SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('group', m.group_name, 'role', m.role,
            'areas', CASE WHEN m.area_ids IS NOT NULL THEN
              ARRAY(SELECT a.code FROM areas.areas a WHERE a.id = ANY(m.area_ids) ORDER BY a.code) END,
            'programs', CASE WHEN m.program_ids IS NOT NULL THEN
              ARRAY(SELECT c.code FROM programs.program_codes c WHERE c.id = ANY(m.program_ids) ORDER BY c.code) END))
            ORDER BY m.position), '[]')
          FROM access.identity_provider_mappings m WHERE m.provider_id = p.id)) AS state
      FROM access.identity_providers p`,
  },
] as const
