import fc from 'fast-check'
import type { TargetKind } from '../index.ts'
import { DAYS, TEXTS } from './population.ts'

/*
 * Random expressions, as text, that the checker must accept. `plain` keeps to the part of the language whose
 * meaning the public CEL definition fixes, errors standing for "unknown": an independent CEL evaluator can
 * be asked the same.
 */

type EntityName = 'group' | 'individual' | 'member' | 'groupOf' | 'head' | 'record'
type Scope = { rows: readonly { prefix: string; entity: EntityName }[]; nesting: number; plain: boolean }
type Text = fc.Arbitrary<string>

const memo = new Map<string, Text>()
const remembered = (kind: string, scope: Scope, depth: number, make: () => Text): Text => {
  const key = `${kind}/${depth}/${scope.plain}/${scope.nesting}/${scope.rows.map(r => r.prefix + r.entity).join()}`
  const known = memo.get(key) ?? make()
  memo.set(key, known)
  return known
}

const any = (...choices: Text[]): Text => fc.oneof(...choices)
const pick = (choices: readonly string[]): Text => fc.constantFrom(...choices)
const fill = (...parts: (string | Text)[]): Text =>
  fc
    .tuple(...parts.map(part => (typeof part === 'string' ? fc.constant(part) : part)))
    .map(texts => texts.join(''))
const quoted = pick(TEXTS.map(text => JSON.stringify(text)))
const isGroup = (entity: EntityName) => entity === 'group' || entity === 'groupOf'

/** Fields of each type, by what has them; the head's and the area's come through their owner. */
const fields = (scope: Scope, type: 'string' | 'number' | 'date' | 'bool'): string[] =>
  scope.rows.flatMap(({ prefix, entity }) => {
    const heads = isGroup(entity) ? own('head', type).map(f => `head.${f}`) : []
    return [...own(entity, type), ...heads].map(field => prefix + field)
  })

const own = (entity: EntityName, type: 'string' | 'number' | 'date' | 'bool'): string[] => {
  if (entity === 'record')
    return { string: ['program', 'channel'], number: ['total'], date: ['submitted'], bool: ['urgent'] }[type]
  const all = isGroup(entity)
    ? {
        string: ['name', 'type', 'attributes.roof', 'area.code', 'area.name'],
        number: ['attributes.score', 'attributes.score', 'size', 'area.level'],
        date: ['registered_on', 'attributes.visited'],
        bool: ['attributes.urban'],
      }
    : {
        string: [
          'name',
          'sex',
          'attributes.job',
          'area.code',
          ...(entity === 'member' ? ['relationship'] : []),
        ],
        number: ['attributes.income', 'area.level'],
        date: ['birth_date', 'birth_date', 'death_date', 'attributes.seen'],
        bool: ['attributes.enrolled', ...(entity === 'member' ? ['is_head'] : [])],
      }
  return all[type]
}

/** A field or a constant where there is none. */
const field = (scope: Scope, type: 'string' | 'number' | 'date' | 'bool'): Text => pick(fields(scope, type))

/* Lists: the list, and the scope in which an element of it stands. */

const lists = (scope: Scope): { list: string; entity: EntityName }[] =>
  scope.rows.flatMap(({ prefix, entity }): { list: string; entity: EntityName }[] =>
    isGroup(entity)
      ? [{ list: `${prefix}members`, entity: 'member' }]
      : entity === 'individual'
        ? [{ list: `${prefix}groups`, entity: 'groupOf' }]
        : [],
  )

const macro = (
  scope: Scope,
  depth: number,
  make: (list: Text, variable: string, inner: Scope) => Text,
): Text[] =>
  scope.nesting >= 2
    ? []
    : lists(scope).map(({ list, entity }) => {
        const variable = `${entity === 'member' ? 'm' : 'g'}${scope.nesting}`
        const rows = [...scope.rows, { prefix: `${variable}.`, entity }]
        const inner = { ...scope, rows, nesting: scope.nesting + 1 }
        const filtered = fill(list, `.filter(${variable}, `, bool(inner, depth - 1), ')')
        return make(
          scope.plain ? fc.constant(list) : any(fc.constant(list), fc.constant(list), filtered),
          variable,
          inner,
        )
      })

const counts = (scope: Scope, depth: number): Text[] =>
  macro(scope, depth, (list, v, inner) =>
    any(
      fill(list, `.filter(${v}, `, bool(inner, depth - 1), ').size()'),
      ...(scope.plain ? [] : [fill('count(', list, ')')]),
    ),
  )

const folds = (scope: Scope, depth: number): Text[] =>
  macro(scope, depth, (list, v, inner) =>
    fill(list, `.map(${v}, `, number(inner, depth - 1), ')', pick(['.sum()', '.avg()', '.min()', '.max()'])),
  )

const string = (scope: Scope, depth: number): Text =>
  remembered('string', scope, depth, () => {
    const leaf = any(field(scope, 'string'), field(scope, 'string'), quoted)
    if (depth <= 0) return leaf
    return any(
      leaf,
      fill('(', string(scope, depth - 1), ' + ', quoted, ')'),
      ...(scope.plain ? [] : [fill(string(scope, depth - 1), '.lowerAscii()')]),
      fill('(', bool(scope, depth - 1), ' ? ', string(scope, 0), ' : ', string(scope, 0), ')'),
    )
  })

const integer = (scope: Scope, depth: number): Text =>
  remembered('integer', scope, depth, () => {
    const leaf = any(
      pick(['0', '1', '2', '5', '18', '-3']),
      fill('age_years(', date(scope, 0), ')'),
      fill('size(', field(scope, 'string'), ')'),
      ...scope.rows.filter(row => isGroup(row.entity)).map(row => fc.constant(`${row.prefix}size`)),
      ...scope.rows.filter(row => row.entity === 'record').map(() => fc.constant('count')),
    )
    if (depth <= 0) return leaf
    return any(
      leaf,
      fill(
        '(',
        integer(scope, depth - 1),
        pick([' + ', ' - ', ' * ', ' / ', ' % ']),
        integer(scope, depth - 1),
        ')',
      ),
      fill('(-', integer(scope, depth - 1), ')'),
      ...counts(scope, depth),
      ...counts(scope, depth),
    )
  })

const number = (scope: Scope, depth: number): Text =>
  remembered('number', scope, depth, () => {
    const leaf = any(
      field(scope, 'number'),
      field(scope, 'number'),
      pick(['0', '29.5', '0.000000001', '-7', '100']),
    )
    if (depth <= 0) return leaf
    return any(
      leaf,
      integer(scope, depth),
      fill('(', number(scope, depth - 1), pick([' + ', ' - ', ' * ', ' / ']), number(scope, depth - 1), ')'),
      fill(
        '(',
        bool(scope, depth - 1),
        ' ? ',
        number(scope, depth - 1),
        ' : ',
        any(number(scope, 0), fc.constant('null')),
        ')',
      ),
      fill(pick(['min', 'max', 'sum', 'avg']), '([', number(scope, depth - 1), ', ', number(scope, 0), '])'),
      ...folds(scope, depth),
    )
  })

const date = (scope: Scope, depth: number): Text =>
  remembered('date', scope, depth, () => {
    const written = any(
      pick(DAYS.map(d => `date("${d}")`)),
      pick(['today()', 'months_ago(0)', 'months_ago(24)', 'months_ago(-1)']),
    )
    const leaf = any(field(scope, 'date'), field(scope, 'date'), written)
    if (depth <= 0 || scope.plain) return leaf
    return any(
      leaf,
      fill('(', bool(scope, depth - 1), ' ? ', date(scope, 0), ' : ', date(scope, 0), ')'),
      ...macro(scope, depth, (list, v, inner) =>
        fill(list, `.map(${v}, `, date(inner, 0), ')', pick(['.min()', '.max()'])),
      ),
    )
  })

const compared = pick([' == ', ' != ', ' < ', ' <= ', ' > ', ' >= '])
/** Without `==` on fields of closed lists, whose misspelt values are refused. */
const ordered = pick([' < ', ' <= ', ' > ', ' >= '])

const simple = (scope: Scope, depth: number): Text => {
  const elementHas = scope.rows.filter(row => row.prefix !== '' && row.entity === 'member')
  return any(
    fill(
      any(number(scope, scope.plain ? -1 : depth), integer(scope, depth)),
      compared,
      any(number(scope, -1), integer(scope, 0)),
    ),
    fill('age_years(', date(scope, depth), ')', compared, pick(['-1', '0', '5', '18', '400'])),
    fill(date(scope, depth), compared, date(scope, depth)),
    fill(string(scope, depth), ordered, string(scope, depth)),
    fill('(', string(scope, depth), ' + "")', pick([' == ', ' != ']), string(scope, 0)),
    fill(string(scope, depth), pick(['.contains(', '.startsWith(', '.endsWith(']), string(scope, 0), ')'),
    fill(string(scope, depth), '.matches(', pick(PATTERNS.map(p => JSON.stringify(p))), ')'),
    fill('(', string(scope, depth), ' + "") in [', quoted, ', ', quoted, ']'),
    fill(integer(scope, depth), ' in [1, 2, 5]'),
    ...fields(scope, 'bool').map(f => fc.constant(f)),
    pick([
      ...scope.rows.map(r =>
        r.entity === 'record' ? 'urgent' : `has(${r.prefix}attributes.${isGroup(r.entity) ? 'roof' : 'job'})`,
      ),
      ...elementHas.map(r => `has(${r.prefix}birth_date)`),
    ]),
    ...(scope.plain ? [] : [peculiar(scope, depth)]),
  )
}

/** What only this language has, or defines further than CEL does. */
const peculiar = (scope: Scope, depth: number): Text =>
  any(
    fill(
      'has(',
      pick([...fields(scope, 'string'), ...fields(scope, 'number'), ...fields(scope, 'date')]),
      ')',
    ),
    fill(any(string(scope, depth), number(scope, depth), date(scope, depth)), pick([' == null', ' != null'])),
    fill(
      pick(
        scope.rows.flatMap(row => (isGroup(row.entity) ? [row.prefix, `${row.prefix}head.`] : [row.prefix])),
      ),
      'area.within(',
      pick(['"KX"', '"KX01"', '"KX0201"', '"NONE"']),
      ')',
    ),
    fill(number(scope, depth), ' in [', number(scope, 0), ', ', number(scope, 0), ']'),
    fill(
      pick([...fields(scope, 'bool'), 'true']),
      pick([' == ', ' != ']),
      depth > 0 ? fill('(', bool(scope, depth - 1), ')') : pick(fields(scope, 'bool')),
    ),
    ...scope.rows
      .filter(r => isGroup(r.entity))
      .map(r => fill(`${r.prefix}head`, pick([' == null', ' != null']))),
    ...scope.rows
      .filter(r => r.entity === 'member')
      .map(r =>
        pick(
          [`"guardian" in ${r.prefix}roles`, `${r.prefix}roles.exists(r, r > "g")`].slice(
            0,
            scope.nesting < 2 ? 2 : 1,
          ),
        ),
      ),
    ...macro(scope, depth, (list, v, inner) =>
      fill(quoted, ' in ', list, `.map(${v}, "" + `, string(inner, 0), ')'),
    ),
    ...macro(scope, depth, (list, v, inner) =>
      fill(list, `.map(${v}, `, number(inner, 0), `).exists(x, x > `, number(scope, 0), ')'),
    ),
    ...(scope.nesting < 2 ? [fill('[', number(scope, 0), ', 3].all(i, i < ', number(scope, 0), ')')] : []),
  )

const PATTERNS = [
  '^(a+)+$',
  'in',
  '^t|n$',
  '[^a-z]',
  '^.$',
  '\\d',
  '\\W{2}',
  '[\\s\\-]',
  '(?:O.?)+N',
  '😀',
  '^\\S*?$',
  '[አ-ፐ]{3}',
  'b\\\\d',
]

const bool = (scope: Scope, depth: number): Text =>
  remembered('bool', scope, depth, () => {
    if (depth <= 0) return simple(scope, 0)
    const deeper = bool(scope, depth - 1)
    return any(
      simple(scope, depth),
      fill('(', deeper, pick([' && ', ' || ']), deeper, ')'),
      fill(deeper, pick([' && ', ' || ']), deeper, ' || ', deeper),
      fill('!(', deeper, ')'),
      fill('(', deeper, ' ? ', deeper, ' : ', deeper, ')'),
      ...macro(scope, depth, (list, v, inner) =>
        fill(
          list,
          pick(['.exists', '.all', '.exists', '.all', '.exists_one']),
          `(${v}, `,
          bool(inner, depth - 1),
          ')',
        ),
      ),
      ...macro(scope, depth, (list, v, inner) =>
        fill('!', list, pick(['.exists', '.all']), `(${v}, `, bool(inner, depth - 1), ')'),
      ),
    )
  })

const rootScope = (kind: TargetKind | 'record', plain: boolean): Scope => ({
  rows: [{ prefix: '', entity: kind }],
  nesting: 0,
  plain,
})

export const rules = (kind: TargetKind): Text => bool(rootScope(kind, false), 2)
export const formulas = (kind: TargetKind): Text => number(rootScope(kind, false), 2)
/** Rules that mean the same to any evaluator of CEL. */
export const plainRules = (kind: TargetKind): Text => bool(rootScope(kind, true), 2)
/** The same over a record of `total`, `count`, `program`, `channel`, `urgent` and `submitted`. */
export const plainConditions: Text = bool(rootScope('record', true), 2)
