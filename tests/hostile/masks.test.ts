import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { MASKABLE, maskedValue } from '#core/access/index.ts'
import { formatReference, systemCtx, uuid7 } from '#core/kernel/index.ts'
import { startTestGateway, type TestGateway } from '#tests/support/gateway.ts'
import { assertProblem } from '#tests/support/hostile.ts'

const SECRETS = ['Haile', '1987-06-05', '+251911223344', 'NID-77-1234567', 'ET9900012345678']

describe('a role that sees people only in part', () => {
  let g: TestGateway
  let paths: { north: string; south: string }
  before(async () => {
    g = await startTestGateway()
    const administrator = await g.as('system-administrator')
    const areas = ['NN', 'SS'].map(code => ({ code, name: code }))
    await g.call('POST', '/api/v1/areas', { token: administrator, body: { areas } })
    paths = { north: await person('NN', 1n), south: await person('SS', 2n) }
  })
  after(() => g.close())

  const person = async (area: string, ref: bigint) => {
    const id = uuid7()
    const [name, birth, phone, number, account] = SECRETS
    await g.db.query(sql`
      INSERT INTO registry.registrants (id, ref, kind, area_id, name, sex, birth_date, birth_precision, phones, source)
      SELECT ${id}, ${ref}, 'individual', a.id, ${`Sara ${name}`}, 'female', ${birth}, 'day', ARRAY[${phone}]::text[], 'test'
      FROM areas.areas a WHERE a.code = ${area}`)
    await g.db.query(sql`
      INSERT INTO registry.identifiers (id, registrant_id, type, value)
      VALUES (${uuid7()}, ${id}, 'national_id', ${`${number}${ref}`})`)
    await g.db.query(sql`
      INSERT INTO registry.payment_accounts (id, registrant_id, kind, value, preferred)
      VALUES (${uuid7()}, ${id}, 'bank_account', ${account}, true)`)
    return `/api/v1/registrants/${formatReference('individual', ref)}`
  }

  const role = async (code: string, masks: readonly string[]) => {
    await g.db.query(sql`
      INSERT INTO access.roles (id, code, name, permissions, masks)
      VALUES (${uuid7()}, ${code}, ${code}, '{registrant:read,import:read,rule:evaluate}', ${[...masks]}::text[])`)
    return code
  }

  /** A token of a client with grants of custom roles, each in an area when one is named. */
  const holder = async (clientId: string, grants: { role: string; area?: string }[]) => {
    const { clientSecret } = await g.services.access.createClient(systemCtx('test', 'test'), {
      clientId,
      name: clientId,
      grants: [],
    })
    for (const grant of grants)
      await g.db.query(sql`
        INSERT INTO access.grants (id, holder_id, role, area_ids)
        SELECT ${uuid7()}, c.id, ${grant.role}, (SELECT array_agg(a.id) FROM areas.areas a WHERE a.code = ${grant.area ?? null})
        FROM access.clients c WHERE c.client_id = ${clientId}`)
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
    const answer = await fetch(`${g.url}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })
    return ((await answer.json()) as { access_token: string }).access_token
  }

  it('is shown enough to tell people apart, and nothing that it does not need', async () => {
    const token = await holder('all-masked', [{ role: await role('all-masked', MASKABLE) }])
    const { status, body } = await g.call('GET', paths.north, { token })
    assert.equal(status, 200)
    const { name, birthDate, birthPrecision, phones, identifiers, accounts, masked } = body
    assert.deepEqual(
      { name, birthDate, birthPrecision, phones, number: identifiers[0].value, account: accounts[0].value },
      {
        name: 'S. H.',
        birthDate: '1987-01-01',
        birthPrecision: 'year',
        phones: ['•••••344'],
        number: '•••••671',
        account: '•••••678',
      },
    )
    assert.deepEqual(masked.toSorted(), MASKABLE.toSorted())
    for (const secret of SECRETS) assert.ok(!JSON.stringify(body).includes(secret), secret)
  })

  it('hides each field alone', async () => {
    for (const [i, field] of MASKABLE.entries()) {
      const token = await holder(`only-${i}`, [{ role: await role(`only-${field}`, [field]) }])
      const text = JSON.stringify((await g.call('GET', paths.north, { token })).body)
      const hidden = SECRETS.filter(secret => !text.includes(secret))
      assert.equal(hidden.length, 1, `${field} hides ${hidden.join(', ')}`)
    }
  })

  it('is shown in full where another grant reaches the row that masks nothing', async () => {
    const roles = [{ role: await role('half', MASKABLE) }, { role: await role('full', []), area: 'NN' }]
    const token = await holder('half-and-full', roles)
    assert.equal((await g.call('GET', paths.north, { token })).body.name, 'Sara Haile')
    assert.equal((await g.call('GET', paths.south, { token })).body.name, 'S. H.')
    const { body } = await g.call('GET', '/api/v1/registrants', { token })
    assert.deepEqual(body.items.map((r: { name: string }) => r.name).toSorted(), ['S. H.', 'Sara Haile'])
  })

  it('cannot find out by asking what it is not shown', async () => {
    const secrets = [
      `identifier=${SECRETS[3]}1`,
      `phone=${encodeURIComponent(SECRETS[2]!)}`,
      `name=${SECRETS[0]}`,
    ]
    const look = async (token: string, by: string) => g.call('GET', `/api/v1/registrants?${by}`, { token })
    const blind = await holder('searcher', [{ role: await role('blind', MASKABLE) }])
    const clerk = await g.as('registrar')
    const half = await holder('half-searcher', [{ role: 'half' }, { role: 'full', area: 'SS' }])
    for (const by of secrets) {
      const refused = await look(blind, by)
      assertProblem(refused, 403, { about: by })
      assert.equal(refused.body.rule, 'masked')
      assert.ok((await look(clerk, by)).body.items.length > 0, by)
      const found: { area: { code: string } }[] = (await look(half, by)).body.items
      assert.deepEqual(new Set(found.map(r => r.area.code)), new Set(by.startsWith('id') ? [] : ['SS']), by)
    }
  })

  it('cannot count its way to a name or a day of birth by rules of its own', async () => {
    await g.db.query(sql`
      INSERT INTO programs.programs (id, code, name, target, currency, rules, state, created_at)
      VALUES (${uuid7()}, 'ANY', 'Any', 'individual', 'KES', '{true}', 'active', now())`)
    const check = (token: string) =>
      g.call('POST', '/api/v1/programs/ANY/eligibility-checks', {
        token,
        body: { rules: ['name.startsWith("Sara H")'] },
      })
    const refused = await check(await holder('counter', [{ role: await role('counter', ['name']) }]))
    assertProblem(refused, 403)
    assert.equal(refused.body.rule, 'masked')
    assert.equal((await check(await holder('manager', [{ role: 'program-manager' }]))).body.matches, 2)
  })

  it('is refused what cannot be shown in part', async () => {
    const token = await holder('no-files', [{ role: await role('no-files', ['account']) }])
    const answer = await g.call('GET', '/api/v1/imports/IM-00000-000000/bad-rows', { token })
    assertProblem(answer, 403)
    assert.equal(answer.body.rule, 'masked')
  })
})

describe('a masked value', () => {
  it('never holds more than its last three characters, a year, or initials', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), value => {
        for (const field of ['identifier', 'contact', 'account'] as const) {
          const rest = maskedValue(field, value).replaceAll('•', '')
          assert.ok(rest.length <= 3 && (rest === '' || value.endsWith(rest)))
        }
      }),
    )
    assert.equal(maskedValue('birth', '1987-06-05'), '1987-01-01')
    assert.equal(maskedValue('name', 'ሰላማዊት  በቀለ'), 'ሰ. በ.')
    assert.equal(maskedValue('name', '👩‍👩‍👧 x'), '👩‍👩‍👧. x.')
  })
})
