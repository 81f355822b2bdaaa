import sql, { empty } from 'sql-template-tag'
import { type Db, partOf, type Sortable, type SortKey, sorted } from '../db/index.ts'
import { type Ctx, notFound, type Page, type PageRequest } from '../kernel/index.ts'
import type { Granting, GrantView } from './grants.ts'
import type { Persons } from './persons.ts'
import { requireEverywhere } from './scope.ts'
import { type Separation, separationsOf } from './separation.ts'

export type UserStatus = 'active' | 'disabled'
export type UserView = {
  username: string
  name: string
  email: string | null
  status: UserStatus
  roles: string[]
  version: number
}
/** A user with everything: `samePerson` are their other accounts. */
export type UserDetail = UserView & {
  supervisor: string | null
  samePerson: string[]
  grants: GrantView[]
  warnings: Separation[]
}
/** `q` is part of a username, a name or an email. */
export type UserFilter = { q?: string; status?: UserStatus; role?: string }

const COLUMNS = sql`u.username, u.name, u.email, u.status, u.version,
  ARRAY(SELECT DISTINCT g.role FROM access.grants g WHERE g.holder_id = u.id ORDER BY g.role) AS roles`

const username = { by: sql`u.username`, as: 'code' } as const
const USERS: Sortable = {
  columns: { username, name: { by: sql`u.name`, as: 'name' } },
  tie: username,
  otherwise: 'username',
}

type Deps = { db: Db; granting: Granting; persons: Persons }

/** Users, for those who administer them. */
export const readUsers = ({ db, granting, persons }: Deps) => {
  const detailOf = async (username: string): Promise<UserDetail> => {
    const row = await db.one<UserDetail & { id: string }>(sql`
      SELECT ${COLUMNS}, u.id,
        (SELECT s.username FROM access.users s WHERE s.id = u.supervisor_id) AS supervisor,
        ARRAY(SELECT o.username FROM access.users o
              WHERE o.person_id = u.person_id AND o.id <> u.id ORDER BY o.username) AS "samePerson"
      FROM access.users u WHERE u.username = ${username}`)
    if (!row) throw notFound('user')
    const { id, ...user } = row
    const grants = (await granting.grantsOf([id])).get(id)!
    const { all } = (await persons.identitiesOf([id])).get(id)!
    return { ...user, grants, warnings: await separationsOf(db, all) }
  }

  return {
    /** A user as it is now, without asking who may see it: for the answer to a change. */
    detailOf,

    getUser: (ctx: Ctx, username: string): Promise<UserDetail> => {
      requireEverywhere(ctx, 'user:read')
      return detailOf(username)
    },

    /** Users, in the order of their usernames unless sorted otherwise. */
    listUsers: async (ctx: Ctx, filter: UserFilter, page: PageRequest): Promise<Page<UserView>> => {
      requireEverywhere(ctx, 'user:read')
      const { q, status, role } = filter
      const part = q === undefined ? undefined : partOf(q)
      const list = sorted(USERS, page)
      const rows = await db.query<UserView & SortKey>(sql`
        SELECT ${COLUMNS} ${list.key} FROM access.users u
        WHERE true
          ${part ? sql`AND (u.username ILIKE ${part} OR u.name ILIKE ${part} OR u.email ILIKE ${part})` : empty}
          ${status ? sql`AND u.status = ${status}` : empty}
          ${role ? sql`AND EXISTS (SELECT FROM access.grants h WHERE h.holder_id = u.id AND h.role = ${role})` : empty}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      return list.page<UserView>(rows)
    },
  }
}
