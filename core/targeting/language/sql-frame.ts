import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { EntityRow, Ir, Over, Row } from './ir.ts'
import { type Place, TABLES } from './model.ts'

/*
 * A frame is one SELECT being written: the rows its FROM gives, and the joins that parts of the expression
 * turn out to need (the head, the area, grouped lists), each made once however often it is used.
 */
export type Frame = {
  outer: Frame | undefined
  places: Map<Row, Place>
  joins: Sql[]
  joined: Map<string, Place>
  groups: Map<string, Grouped>
  /** Outside of it nothing need be grouped. */
  within: Within | undefined
}

/** A condition on a column of subject ids, written wherever there is one: ``id => sql`${id} <= ${last}` ``. */
export type Within = (id: Sql) => Sql

/** A list grouped by the record it belongs to: one pass, a column for each thing asked of it. */
export type Grouped = { alias: Sql; frame: Frame; key: Sql; from: Sql; element: Place; columns: Column[] }

/**
 * A column of a grouped list: `projected` values of each element (named by position), of which `aggregate`
 * makes one; only elements with `needed` matter.
 */
export type Column = { projected: Sql[]; aggregate: Sql; needed: Sql | undefined }

/** What writes SQL: the parts of the compiler that call each other. */
export type Writer = {
  today: string
  alias(prefix: string): Sql
  /**
   * A condition that is TRUE exactly when the part is `wanted`, and otherwise false or NULL.
   * `conjunct`: it stands among the ANDed conditions of its WHERE, where EXISTS becomes a semi-join.
   */
  holds(ir: Ir, wanted: boolean, frame: Frame, conjunct: boolean): Sql
  /** The value of a part; NULL when unknown. */
  value(ir: Ir, frame: Frame): Sql
}

export const newFrame = (outer: Frame | undefined, within?: Within): Frame => ({
  outer,
  places: new Map(),
  joins: [],
  joined: new Map(),
  groups: new Map(),
  within,
})

/** Where a record stands, and the frame it belongs to; joins it there when it is the first time. */
export const locate = (writer: Writer, row: Row, frame: Frame): { place: Place; frame: Frame } => {
  if (row.via !== 'head' && row.via !== 'area') return locateBase(row, frame)
  const owner = locate(writer, row.of, frame)
  const key = `${owner.place.main.text}.${row.via}`
  const known = owner.frame.joined.get(key)
  const place = known ?? joinTo(writer, row, owner)
  owner.frame.joined.set(key, place)
  return { place, frame: owner.frame }
}

const locateBase = (row: Row, frame: Frame): { place: Place; frame: Frame } => {
  for (let at: Frame | undefined = frame; at; at = at.outer) {
    const place = at.places.get(row)
    if (place) return { place, frame: at }
  }
  throw new Error('an expression speaks of a row that its statement does not hold')
}

const joinTo = (
  writer: Writer,
  row: EntityRow & { via: 'head' | 'area' },
  owner: { place: Place; frame: Frame },
): Place => {
  const { main } = owner.place
  const { areas, individuals, memberships } = TABLES
  if (row.via === 'area') {
    const area = writer.alias('a')
    owner.frame.joins.push(sql`LEFT JOIN ${areas} ${area} ON ${area}.id = ${main}.area_id`)
    return { main: area }
  }
  // At most one: the registry's unique index on the active head.
  const [link, head] = [writer.alias('hm'), writer.alias('h')]
  owner.frame.joins.push(sql`LEFT JOIN (${memberships} ${link} JOIN ${individuals} ${head}
    ON ${head}.id = ${link}.member_id) ON ${link}.group_id = ${main}.id AND ${link}.roles @> '{head}'`)
  return { main: head, link }
}

/** What a list is read from: FROM, the column that says whose list it is, and where its element stands. */
export type Source = { from: Sql; key: Sql | undefined; place: Place }

export const sourceOf = (writer: Writer, over: Over, frame: Frame): Source => {
  const { groups, individuals, memberships } = TABLES
  if (over.source === 'items') return itemsSource(writer, over.items, frame)
  if (over.source === 'roles') {
    const role = writer.alias('r')
    const { link } = locate(writer, over.of, frame).place
    return { from: sql`unnest(${link!}.roles) AS ${role}(v)`, key: undefined, place: { main: role } }
  }
  const link = writer.alias('m')
  if (over.source === 'memberships')
    return { from: sql`${memberships} ${link}`, key: sql`${link}.group_id`, place: { main: link } }
  const main = writer.alias(over.source === 'members' ? 'i' : 'g')
  const [table, own, whose] =
    over.source === 'members'
      ? [individuals, raw('member_id'), raw('group_id')]
      : [groups, raw('group_id'), raw('member_id')]
  return {
    from: sql`${memberships} ${link} JOIN ${table} ${main} ON ${main}.id = ${link}.${own}`,
    key: sql`${link}.${whose}`,
    place: { main, link },
  }
}

const itemsSource = (writer: Writer, items: readonly Ir[], frame: Frame): Source => {
  const list = writer.alias('l')
  const rows = items.map(item => sql`(${writer.value(item, frame)})`)
  const from =
    rows.length > 0 ? sql`(VALUES ${join(rows)}) AS ${list}(v)` : sql`(SELECT 0 AS v WHERE false) ${list}`
  return { from, key: undefined, place: { main: list } }
}

/** The joins a frame needs, written after its own FROM. */
export const joinsOf = (frame: Frame): Sql => {
  const grouped = [...frame.groups].map(([owner, group]) => groupedJoin(owner, group, frame.within))
  const all = [...frame.joins, ...grouped]
  return all.length > 0 ? sql` ${join(all, ' ')}` : sql``
}

const groupedJoin = (owner: string, group: Grouped, within: Within | undefined): Sql => {
  const { alias, key, columns } = group
  const projected = columns.flatMap((column, c) =>
    column.projected.map((v, p) => sql`, ${v} AS ${slot(c, p)}`),
  )
  const aggregates = columns.map((column, c) => sql`, ${column.aggregate} AS ${raw(`c${c}`)}`)
  const needs = columns.map(column => column.needed)
  const needed = needs.every(need => need !== undefined) ? sql` WHERE ${join(needs, ' OR ')}` : sql``
  const bounds = within ? sql` WHERE ${within(key)}` : sql``
  return sql`LEFT JOIN (SELECT s.k${join(aggregates, '')} FROM (SELECT ${key} AS k${optional(projected)} FROM ${
    group.from
  }${joinsOf(group.frame)}${bounds}) s${needed} GROUP BY s.k) ${alias} ON ${alias}.k = ${raw(ownerAlias(owner))}.id`
}

const optional = (parts: Sql[]): Sql => (parts.length > 0 ? join(parts, '') : sql``)

/** Name of the p-th projected value of the c-th column. */
export const slot = (c: number, p: number): Sql => raw(`v${c}_${p}`)

/** Groups are known by the alias of the record they belong to, and the list. */
export const groupKey = (owner: Place, source: string): string => `${owner.main.text}/${source}`
const ownerAlias = (key: string): string => key.split('/')[0]!
