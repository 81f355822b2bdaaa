import assert from 'node:assert/strict'
import { ROLES } from '#core/access/index.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { describedOperations } from '#tests/support/openapi.ts'
import type { Asked } from './reach/operations.ts'
import * as tables from './reach/operations.ts'
import { buildWorld, type Names, type World } from './reach/world.ts'

/** Paged lists that stand in one order only. The audit trail has one, too, that of its transactions, and both its ends. */
const IN_ONE_ORDER = new Set([
  'getAuditEntry',
  'listAccesses',
  'listAuditHeads',
  'listChanges',
  'listCycleDifferences',
  'listFundMovements',
  'listMessages',
  'listNotifications',
])

type Item = Record<string, unknown>

/** Every list of the API that can be sorted, walked a row at a time in each sort that it offers. */
describe('a list that can be sorted', function () {
  this.timeout(120_000)
  const { operations } = describedOperations()
  const asked: Record<string, Asked> = Object.assign({}, ...Object.values(tables))
  const sortsOf = (o: (typeof operations)[number]) =>
    (o.parameters.find(p => p.in === 'query' && p.name === 'sort')?.schema.enum ?? []) as string[]
  const sortable = operations.filter(o => sortsOf(o).length > 0)
  const paged = operations.filter(o => o.parameters.some(p => p.name === 'cursor'))

  let g: TestGateway
  let world: World
  let token: string
  before(async () => {
    g = await startTestGateway()
    world = await buildWorld(g)
    token = await g.as(Object.keys(ROLES))
  })
  after(() => g.close())

  it('is every list that has pages, but those that say why not', () => {
    assert.ok(sortable.length >= 20, `${sortable.length} lists can be sorted`)
    const fixed = paged.filter(o => !sortable.includes(o)).map(o => o.id)
    assert.deepEqual(
      fixed.filter(id => !IN_ONE_ORDER.has(id)),
      [],
    )
  })

  it('says each sort in both directions, and in which it is unless asked', () => {
    for (const o of sortable) {
      const sorts = sortsOf(o)
      const fields = sorts.filter(sort => !sort.startsWith('-'))
      assert.deepEqual(sorts.toSorted(), fields.flatMap(field => [field, `-${field}`]).toSorted(), o.id)
      const { schema } = o.parameters.find(p => p.name === 'sort')!
      assert.ok(sorts.includes((schema as { default?: string }).default ?? ''), o.id)
    }
  })

  for (const o of sortable)
    it(`${o.id} shows each row once and in order, page by page`, async () => {
      const path = pathOf(asked[o.id]!, o.path, {
        ...world.names.elsewhere,
        ...world.names.here,
      } as Required<Names>)
      const ask = async (query: string) => {
        const answer = await g.call('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`, { token })
        assert.equal(answer.status, 200, `${o.id} ${query}: ${JSON.stringify(answer.body)}`)
        return answer.body as { items: Item[]; next?: string }
      }
      const walk = async (sort: string) => {
        const items: Item[] = []
        for (let cursor = ''; ; ) {
          const { items: some, next } = await ask(`limit=1&sort=${sort}${cursor}`)
          items.push(...some)
          if (next === undefined || items.length > 30) return items
          cursor = `&cursor=${next}`
        }
      }
      const whole = (await ask('limit=200')).items
      for (const sort of sortsOf(o)) {
        const items = await walk(sort)
        const all = (await ask(`limit=200&sort=${sort}`)).items
        assert.deepEqual(items.map(textOf), all.slice(0, items.length).map(textOf), sort)
        assert.deepEqual(all.map(textOf).toSorted(), whole.map(textOf).toSorted(), sort)
        if (o.id !== 'listAuditEntries') assertInOrder(sort, all)
      }
      const [first, other] = sortsOf(o)
      const { next } = await ask(`limit=1&sort=${first}`)
      if (next === undefined) return
      const wrong = await g.call(
        'GET',
        `${path}${path.includes('?') ? '&' : '?'}sort=${other}&cursor=${next}`,
        { token },
      )
      assert.equal(wrong.status, 400)
      assert.equal(wrong.body.errors[0].pointer, '/cursor')
    })
})

const textOf = (item: Item): string => JSON.stringify(item)

const pathOf = (how: Asked, path: string, names: Required<Names>): string => {
  if ('list' in how) return how.list
  if ('ask' in how) return how.ask(names).path
  if ('everywhere' in how) return how.everywhere(names).path
  return path
}

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()

/** Where the answers have a field that is called as the sort is, its values are in order, and those that have none last. */
const assertInOrder = (sort: string, items: readonly Item[]): void => {
  const values = items.map(item => (item[sort.replace('-', '')] ?? null) as string | number | object | null)
  const known = values.filter(value => value !== null)
  assert.deepEqual(values.slice(0, known.length), known, `${sort}: what has no value comes last`)
  const plain = known.filter(value => typeof value !== 'object')
  const isNumber = plain.every(value => /^-?\d+(\.\d+)?$/.test(String(value)))
  const keys = plain.map(value => (isNumber ? Number(value) : folded(String(value))))
  const ascending = sort.startsWith('-') ? keys.toReversed() : keys
  for (const [i, key] of ascending.entries())
    if (i > 0) assert.ok(ascending[i - 1]! <= key, `${sort}: ${ascending[i - 1]} stands before ${key}`)
}
