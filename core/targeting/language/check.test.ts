import assert from 'node:assert/strict'
import { DomainError } from '#core/kernel/index.ts'
import { type AttributeTypes, check, type TargetKind } from './index.ts'

const attributes: AttributeTypes = {
  group: { roof: 'string', score: 'number', urban: 'bool', visited: 'date' },
  individual: { enrolled: 'bool', income: 'number' },
}

const problemsOf = (source: string, kind: TargetKind = 'group', expects: 'bool' | 'number' = 'bool') => {
  try {
    check(source, { kind, attributes, expects, pointer: '/expression' })
  } catch (error) {
    assert(error instanceof DomainError, `${source}: ${String(error)}`)
    assert.equal(error.code, 'invalid')
    return error.issues
  }
  return []
}

const refused = (
  source: string,
  code: string,
  detail: RegExp,
  kind?: TargetKind,
  expects?: 'bool' | 'number',
) => {
  const issues = problemsOf(source, kind, expects)
  assert.deepEqual(
    [issues[0]?.code, issues[0]?.pointer],
    [code, '/expression'],
    `${source}: ${JSON.stringify(issues)}`,
  )
  assert.match(issues[0]!.detail, detail, source)
}

const accepted = (source: string, kind?: TargetKind, expects?: 'bool' | 'number') =>
  assert.deepEqual(problemsOf(source, kind, expects), [], source)

describe('checking a rule', () => {
  it('refuses a name that does not exist, says where it stands and what was meant', () => {
    refused(
      'members.exists(m,\n  m.brith_date < today())',
      'unknown-name',
      /^Line 2, column 5: .*"brith_date" on a member\. Did you mean "birth_date"\?$/,
    )
    refused('sizze > 3', 'unknown-name', /^Line 1, column 1: .*Did you mean "size"\?/)
    refused(
      'attributes.rof == "tin"',
      'unknown-name',
      /column 12: There is no attribute "rof"\. Did you mean "roof"\?/,
    )
    refused('members.exists(m, x.sex == "male")', 'unknown-name', /There is no "x" here/)
    refused('constructor == 1', 'unknown-name', /There is no "constructor"/)
    refused('attributes.toString == "x"', 'unknown-name', /no attribute "toString"/)
    refused('head.__proto__ == null', 'unknown-name', /"__proto__"/)
  })

  it('knows only what the target has', () => {
    refused('members.exists(m, true)', 'unknown-name', /There are: .*groups/, 'individual')
    refused('groups.exists(g, true)', 'unknown-name', /"groups"/)
    refused('members.exists(m, m.groups.size() > 1)', 'unknown-name', /"groups" on a member/)
    accepted('groups.exists(g, g.members.exists(m, m.is_head && age_years(m.birth_date) < 18))', 'individual')
  })

  it('refuses a function that does not exist, or is used like no function is', () => {
    refused('members.exist(m, m.is_head)', 'unknown-function', /Did you mean "exists"\?/)
    refused('age_year(head.birth_date) > 3', 'unknown-function', /Did you mean "age_years"\?/)
    refused('name.size(1) > 3', 'type', /not used like this/)
    refused('contains(name, "a")', 'unknown-function', /Write x\.contains/)
    refused('today > date("2020-01-01")', 'unknown-name', /Write today\(\)/)
  })

  it('refuses what can never be meant, rather than letting it hold for nobody or everybody', () => {
    refused('attributes.score == "30"', 'type', /a number cannot be compared with text/)
    refused('head.sex != "Female"', 'value', /never be "Female"\. Did you mean "female"\?/)
    refused('head.sex in ["male", "femal"]', 'value', /Did you mean "female"\?/)
    refused('head.birth_date < "2020-01-01"', 'type', /Write a date as date/)
    refused('head.birth_date < date("2020-02-30")', 'value', /not a day/)
    refused('attributes.urban < true', 'type', /no order/)
    refused('size < null', 'type', /null can only be compared/)
    refused('members', 'type', /not a list.*exists\(\)/)
    refused('size + 1', 'type', /must be true or false, but it is a whole number/)
    refused('members.map(m, m) == 1', 'type', /single value/)
    refused('head.is_head', 'unknown-name', /"is_head" on the head/)
    refused('members[0].is_head', 'type', /Lists have no order/)
    refused('sum(members) > 3', 'type', /needs a list of numbers.*list\.map/)
    refused('"tin" in attributes.roof', 'type', /list of values is needed/)
    refused('size % 2.0 == 0', 'type', /whole numbers only/)
    refused('months_ago(size) < today()', 'value', /written number/)
    refused('name.matches(name)', 'type', /written out/)
  })

  it('tells every problem at once', () => {
    assert.equal(problemsOf('hed.sex == "male" && attributes.skore < 3 || foo(1)').length, 3)
  })

  it('refuses what is not CEL, at its place', () => {
    refused('size >', 'syntax', /column 7: A value is needed, but here is the end/)
    refused('size > 3 size < 5', 'syntax', /column 10: The expression is complete before "size"/)
    refused('size = 3', 'syntax', /column 6: .*Write "=="/)
    refused('(size > 3', 'syntax', /"\)" is needed/)
    refused('name == "a', 'syntax', /column 9: This string is not closed/)
    refused('name == “a”', 'syntax', /straight quotes/)
    refused('{"a": 1}.a == 1', 'syntax', /Maps cannot/)
    refused('name == "\\u0000"', 'syntax', /no recorded text/)
    refused('size > 3u', 'syntax', /Unsigned/)
    refused('for == 1', 'syntax', /reserved word/)
    refused('', 'syntax', /column 1: A value is needed/)
    refused('size > 99999999999999999999', 'value', /64 bits/)
    refused('attributes.score > 1e400', 'value', /18 digits/)
  })

  it('accepts the grammar of CEL', () => {
    accepted(
      'size > 0x0A || size == -9223372036854775808 && !(name == r"a\\d" + \'b\\n\\x41\\u00e9\') // why not',
    )
    accepted('"""a"b""" == name ? true : size in [1, 2, 3,]')
    accepted('attributes["roof"].startsWith("t") == (attributes.score * 2 - .5e1 >= 3)')
    accepted('members.map(m, m.is_head, m.birth_date).max() < months_ago(-6) && area.level >= 2')
    accepted('min(members.map(m, age_years(m.birth_date))) < 5 && count(members) == size(name)')
    accepted('members.exists_one(m, m.is_head) && has(head.area) && head != null')
    accepted('500 + 100 * members.filter(m, age_years(m.birth_date) < 5).size()', 'group', 'number')
    accepted('size > 3 ? 12.5 : null', 'group', 'number')
    refused('size > 3', 'type', /must be a number/, 'group', 'number')
  })
})

describe('hostile expressions', () => {
  const quickly = (source: string, code: string) => {
    const started = performance.now()
    refused(source, code, /./)
    assert(
      performance.now() - started < 250,
      `took ${performance.now() - started} ms: ${source.slice(0, 40)}`,
    )
  }

  it('are refused at once when they are too long, too large or too deep', () => {
    quickly(`name == "${'a'.repeat(4000)}"`, 'limit')
    quickly(Array(300).fill('size').join('+'), 'limit')
    quickly(`${'('.repeat(1500)}true${')'.repeat(1500)}`, 'limit')
    quickly(`${'!'.repeat(3000)}true`, 'limit')
    quickly(`${'-'.repeat(3000)}1 < 2`, 'limit')
    quickly(`${'['.repeat(3000)}`, 'limit')
    quickly(`${'true ? false : '.repeat(40)}true`, 'limit')
    quickly(`a${'.b'.repeat(1900)}`, 'limit')
    quickly('members.all(a, members.all(b, members.all(c, c.is_head)))', 'limit')
    const doubling = Array.from({ length: 14 }, (_, i) => `.map(v${i}, v${i} + v${i})`).join('')
    quickly(`members.map(m, age_years(m.birth_date))${doubling}.sum() > 1`, 'limit')
  })

  it('are refused at once when their regular expression is not safe in both engines', () => {
    for (const source of [
      '(?=a)',
      '(a)\\\\1',
      '(a{100}){100}',
      'a{1,200}',
      '(?i)a',
      'a**',
      '[[:alpha:]]',
      '\\\\bx',
      '\\\\p{L}',
      '(a',
      'a)',
      '[a',
      '*a',
      '^*',
      '[z-a]',
      'a{2,1}',
      '('.repeat(60),
    ])
      quickly(`name.matches("${source}")`, 'value')
  })

  it('are refused, whatever they are made of', () => {
    for (const source of [
      '\0',
      '😀',
      '\\',
      '"\\',
      '"\\x',
      '`a`',
      '#',
      '\ud800',
      "'; DROP TABLE registry.registrants; --",
      '1 OR 1=1',
      '$1',
      '../../etc/passwd',
      '🧨 == 1',
    ])
      assert.notDeepEqual(problemsOf(source), [], source)
  })
})
