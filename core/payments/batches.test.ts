import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import sql from 'sql-template-tag'
import type { DomainError } from '#core/kernel/index.ts'
import { auditor, CASH, HOUSEHOLDS, manager, personWith, refused, root } from '#tests/support/cycles.ts'
import { checker, DEBTOR, officer, type PaymentFixture, paymentFixture } from '#tests/support/payments.ts'

const IN_KIND = { code: 'MAIZE', kind: 'in_kind', item: 'MAIZE', quantity: 5 } as const

describe('payment batches', () => {
  let f: PaymentFixture
  before(async () => {
    f = await paymentFixture()
  })
  after(() => f.db.close())

  const newCycle = async () => f.approved(await f.program([CASH]))
  const batch = (reference: string) => f.payments.getBatch(officer, reference)
  const everyPage = { limit: 1000 }

  describe('making one', () => {
    it('holds a payment for everything due in cash, to the account of the head, with a control total', async () => {
      const cycle = await f.approved(await f.program([CASH, IN_KIND]))
      const made = await batch(await f.preparedBatch(cycle))
      assert.deepEqual([made.state, made.isFilled, made.exceptions], ['draft', true, 0])
      assert.deepEqual(
        [made.payments, made.total, made.currency],
        [HOUSEHOLDS, BigInt(HOUSEHOLDS) * 2500n, 'KES'],
      )
      const wrong = await f.db.one(sql`
        SELECT count(*)::int AS n FROM payments.attempts a JOIN payments.payments p ON p.id = a.payment_id
        JOIN programs.entitlements e ON e.id = p.entitlement_id
        WHERE a.batch_id = (SELECT id FROM payments.batches WHERE message_id = ${made.messageId}) AND NOT EXISTS (
          SELECT FROM registry.memberships m JOIN registry.payment_accounts k ON k.registrant_id = m.member_id
          WHERE m.group_id = e.registrant_id AND m.roles @> '{head}' AND m.member_id = a.payee_id
            AND k.value = a.account_value AND k.kind = a.account_kind AND e.amount = a.amount AND e.area_id = a.area_id)`)
      assert.equal(wrong!.n, 0)
      const { items } = await f.payments.listPayments(officer, made.reference, {}, everyPage)
      assert.deepEqual(
        items.map(p => p.endToEndId),
        items.map(p => `${p.reference}-1`),
      )
    })

    it('pays a principal recipient rather than the head', async () => {
      const cycle = await newCycle()
      const other = (await f.db.one(sql`
        SELECT m.group_id, m.member_id FROM registry.memberships m WHERE m.roles = '{}' LIMIT 1`))!
      await f.db.run(
        sql`UPDATE registry.memberships SET roles = '{principal_recipient}' WHERE member_id = ${other.member_id}`,
      )
      await f.db.run(sql`
        INSERT INTO registry.payment_accounts (id, registrant_id, kind, value, preferred)
        VALUES (gen_random_uuid(), ${other.member_id}, 'iban', 'GB33BUKB20201555555555', true)`)
      const made = await batch(await f.preparedBatch(cycle))
      const paid = await f.db.one(sql`
        SELECT a.payee_id, a.account_kind FROM payments.attempts a JOIN payments.payments p ON p.id = a.payment_id
        WHERE a.end_to_end_id LIKE 'PY-%' AND p.registrant_id = ${other.group_id}
          AND a.batch_id = (SELECT id FROM payments.batches WHERE message_id = ${made.messageId})`)
      assert.deepEqual(paid, { payee_id: other.member_id, account_kind: 'iban' })
      await f.db.run(sql`UPDATE registry.memberships SET roles = '{}' WHERE member_id = ${other.member_id}`)
    })

    it('pays the person in a program of persons', async () => {
      const terms = { code: 'PERSONS', name: 'Pension', target: 'individual', currency: 'KES' } as const
      const fund = await f.fundOf('1000000')
      await f.programs.createProgram(manager, { ...terms, fund, rules: ['true'], components: [CASH] })
      await f.programs.changeState(manager, terms.code, 'active')
      await f.programs.enrol(manager, terms.code)
      await f.work()
      const { reference } = await f.payments.getBatch(
        officer,
        await f.preparedBatch(await f.approved(terms.code)),
      )
      const { items } = await f.payments.listPayments(officer, reference, {}, everyPage)
      const accounts = (await f.db.one(sql`SELECT count(*)::int AS n FROM registry.preferred_accounts`))!.n
      assert.equal(items.length, accounts)
      const persons = await f.db.one(sql`
        SELECT count(*)::int AS n FROM payments.attempts a JOIN payments.payments p ON p.id = a.payment_id
        JOIN payments.batches b ON b.id = a.batch_id WHERE b.message_id = ${reference} AND p.registrant_id = a.payee_id`)
      assert.equal(persons!.n, accounts)
      const { exceptions } = await f.payments.failures(officer, reference)
      assert.deepEqual(
        exceptions.map(e => e.cause),
        ['no_account'],
      )
    })

    it('skips nobody silently: who cannot be paid is listed with the cause and what cures it', async () => {
      const cycle = await newCycle()
      const heads = await f.db.query<{ id: string; group_id: string }>(sql`
        SELECT member_id AS id, group_id FROM registry.memberships WHERE roles @> '{head}' ORDER BY group_id LIMIT 4`)
      const [poor, wrong, dead, nameless] = heads
      await f.db.run(
        sql`UPDATE registry.payment_accounts SET preferred = false WHERE registrant_id = ${poor!.id}`,
      )
      await f.db.run(
        sql`UPDATE registry.payment_accounts SET value = '0700-12' WHERE registrant_id = ${wrong!.id}`,
      )
      await f.db.run(sql`UPDATE registry.registrants SET death_date = '2026-06-01' WHERE id = ${dead!.id}`)
      await f.db.run(sql`UPDATE registry.memberships SET roles = '{}' WHERE member_id = ${nameless!.id}`)
      const made = await batch(await f.preparedBatch(cycle))
      assert.deepEqual([made.payments, made.exceptions], [HOUSEHOLDS - 4, 4])
      const { items } = await f.payments.listExceptions(officer, made.reference, {}, everyPage)
      assert.deepEqual(items.map(e => `${e.cause}: ${e.repair}`).toSorted(), [
        'bad_account: change_account',
        'inactive: review',
        'no_account: add_account',
        'no_recipient: name_recipient',
      ])
      const { exceptions } = await f.payments.failures(officer, made.reference)
      assert.deepEqual(
        exceptions.map(e => [e.cause, e.payments, e.total]),
        ['bad_account', 'inactive', 'no_account', 'no_recipient'].map(cause => [cause, 1, 2500n]),
      )

      await f.db.run(
        sql`UPDATE registry.payment_accounts SET preferred = true WHERE registrant_id = ${poor!.id}`,
      )
      await f.db.run(
        sql`UPDATE registry.payment_accounts SET value = '+254700000001' WHERE registrant_id = ${wrong!.id}`,
      )
      await f.db.run(sql`UPDATE registry.registrants SET death_date = NULL WHERE id = ${dead!.id}`)
      await f.db.run(sql`UPDATE registry.memberships SET roles = '{head}' WHERE member_id = ${nameless!.id}`)
      const rest = await batch(await f.preparedBatch(cycle))
      assert.deepEqual([rest.payments, rest.exceptions], [4, 0], 'once cured they come into the next batch')
    })

    it('refuses what the file could not have, a cycle that is not approved, and one that is covered', async () => {
      const cycle = await newCycle()
      for (const value of ['nonsense', 'ET00NOTANIBAN', 'GB33BUKB20201555555556', 'GB33BUKB2020155555555']) {
        const bad = { ...DEBTOR, account: { kind: 'iban', value } } as const
        await assert.rejects(f.payments.createBatch(officer, cycle, { debtor: bad }), (e: DomainError) => {
          assert.deepEqual(
            e.issues.map(i => i.pointer),
            ['/debtor/account/value'],
          )
          return true
        })
      }
      const asked = f.payments.createBatch(officer, cycle, {})
      await assert.rejects(asked, (e: DomainError) => e.issues[0]?.pointer === '/debtor')
      const draft = await f.open(await f.program([CASH]))
      const early = f.payments.createBatch(officer, draft, { debtor: DEBTOR })
      await assert.rejects(early, refused('conflict', 'cycle-state'))
      await f.preparedBatch(cycle)
      await assert.rejects(
        f.payments.createBatch(officer, cycle, {}),
        refused('rule_violated', 'nothing-to-pay'),
      )
    })

    it('covers each entitlement once, however many ask for a batch at the same time and jobs run twice', async () => {
      const cycle = await newCycle()
      const asked = await Promise.allSettled(
        Array.from({ length: 8 }, () => f.payments.createBatch(officer, cycle, { debtor: DEBTOR })),
      )
      assert.equal(asked.filter(r => r.status === 'fulfilled').length, 1)
      for (const r of asked) if (r.status === 'rejected') refused('conflict', 'batch-being-made')(r.reason)
      const made = await f.db.query<{ id: string }>(
        sql`SELECT id FROM payments.batches WHERE filled_at IS NULL`,
      )
      const job = f.waiting.splice(0).find(j => j.payload.batchId === made[0]!.id)!
      await Promise.all([f.handle(job), f.handle(job), f.handle(job)])
      const counts = await f.db.one(sql`
        SELECT count(*)::int AS n, count(DISTINCT p.entitlement_id)::int AS once FROM payments.payments p
        JOIN programs.entitlements e ON e.id = p.entitlement_id WHERE e.cycle_id = ${await f.idOf(cycle)}`)
      assert.deepEqual(counts, { n: HOUSEHOLDS, once: HOUSEHOLDS })
    })

    it('is not filled once the cycle is cancelled, and can then be given up', async () => {
      const cycle = await newCycle()
      const { reference } = await f.payments.createBatch(officer, cycle, { debtor: DEBTOR })
      await f.programs.cancelCycle(root, cycle, 'a mistake')
      await assert.rejects(f.pay(), refused('conflict', 'cycle-state'))
      assert.deepEqual([(await batch(reference)).payments, (await batch(reference)).isFilled], [0, false])
      await f.payments.cancel(officer, reference)
    })

    it('is refused a second live payment or attempt by the database itself', async () => {
      await f.preparedBatch(await newCycle())
      await assert.rejects(
        f.db.run(sql`
          INSERT INTO payments.payments (id, ref, entitlement_id, registrant_id, amount, currency)
          SELECT gen_random_uuid(), kernel.random_ref(), entitlement_id, registrant_id, amount, currency FROM payments.payments LIMIT 1`),
        /payments_one_live/,
      )
      await assert.rejects(
        f.db.run(sql`
          INSERT INTO payments.attempts (payment_id, number, batch_id, position, amount, end_to_end_id, area_id, payee_id, payee_name,
            account_kind, account_value, changed_at)
          SELECT payment_id, 2, gen_random_uuid(), 0, amount, 'X-2', area_id, payee_id, payee_name, account_kind, account_value, now()
          FROM payments.attempts WHERE live LIMIT 1`),
        /attempts_one_live/,
      )
    })
  })

  describe('four eyes', () => {
    it('is approved by another person than made or submitted it', async () => {
      const both = personWith('finance-officer')
      both.actor.grants[0]!.permissions = new Set([
        'payment:read',
        'payment:write',
        'payment:approve',
      ]) as never
      const cycle = await newCycle()
      const { reference } = await f.payments.createBatch(both, cycle, { debtor: DEBTOR })
      await assert.rejects(f.payments.submit(both, reference), refused('conflict', 'batch-being-made'))
      await f.pay()
      await assert.rejects(f.payments.approve(checker, reference), refused('conflict', 'batch-state'))
      await f.payments.submit(officer, reference)
      await assert.rejects(f.payments.approve(both, reference), refused('rule_violated', 'maker-is-checker'))
      await assert.rejects(f.payments.approve(officer, reference), refused('forbidden'))
      await assert.rejects(f.payments.send(officer, reference), refused('conflict', 'batch-state'))
      const approved = await f.payments.approve(checker, reference, 3)
      assert.deepEqual([approved.state, approved.approved!.by], ['approved', 'payment-approver'])
      await assert.rejects(f.payments.send(officer, reference, 3), refused('precondition_failed'))
      await assert.rejects(
        f.db.run(sql`UPDATE payments.batches SET approved_by = prepared_by WHERE message_id = ${reference}`),
        /check constraint/,
      )
    })

    it('is refused when its payments are not those that were counted, or not those that were submitted', async () => {
      const reference = await f.preparedBatch(await newCycle())
      const change = (by: number) =>
        f.db.run(sql`
          UPDATE payments.attempts SET amount = amount + ${by}::int WHERE position = 7
            AND batch_id = (SELECT id FROM payments.batches WHERE message_id = ${reference})`)
      await change(1)
      await assert.rejects(f.payments.submit(officer, reference), refused('rule_violated', 'control-total'))
      await change(-1)
      await f.payments.submit(officer, reference)
      await f.db.run(sql`
        UPDATE payments.attempts SET account_value = 'GB33BUKB20201555555555' WHERE position = 7
          AND batch_id = (SELECT id FROM payments.batches WHERE message_id = ${reference})`)
      await assert.rejects(f.payments.approve(checker, reference), refused('conflict', 'digest-differs'))
      assert.equal((await batch(reference)).state, 'draft')
    })

    it('returned, it is a draft again; rejected, it is given up and frees what it held', async () => {
      const cycle = await newCycle()
      const first = await f.preparedBatch(cycle)
      const decide = async (verdict: 'return' | 'reject') => {
        const { approval } = await f.payments.submit(officer, first)
        await f.approvals.decide(checker, approval!, { verdict, comment: 'Another account.' })
        return batch(first)
      }
      const returned = await decide('return')
      assert.deepEqual([returned.state, returned.submitted], ['draft', null])
      assert.equal((await decide('reject')).state, 'cancelled')
      assert.equal((await batch(await f.preparedBatch(cycle))).payments, HOUSEHOLDS)
    })

    it('frees what it held when it is cancelled, once approved by who may approve, and never once it is sent', async () => {
      const cycle = await newCycle()
      const first = await f.preparedBatch(cycle)
      assert.equal((await f.payments.cancel(officer, first)).state, 'cancelled')
      const second = await f.preparedBatch(cycle)
      assert.equal((await batch(second)).payments, HOUSEHOLDS)
      await f.approveBatch(second)
      for (const somebody of [officer, auditor])
        await assert.rejects(f.payments.cancel(somebody, second), refused('forbidden'))
      assert.equal((await f.payments.cancel(checker, second)).state, 'cancelled')
      const { batch: third } = await f.sendBatch(await f.preparedBatch(cycle))
      for (const somebody of [officer, checker])
        await assert.rejects(f.payments.cancel(somebody, third), refused('conflict', 'batch-state'))
    })

    it('is sent or cancelled, never both, when two people do either at once', async () => {
      const cycle = await newCycle()
      const reference = await f.preparedBatch(cycle)
      await f.approveBatch(reference)
      const done = await Promise.allSettled([
        f.payments.send(officer, reference),
        f.payments.cancel(checker, reference),
      ])
      assert.equal(done.filter(d => d.status === 'fulfilled').length, 1)
      await f.pay()
      const [isSent] = done.map(d => d.status === 'fulfilled')
      assert.equal((await batch(reference)).state, isSent ? 'sent' : 'cancelled')
    })

    it('stays cancelled when its job comes later', async () => {
      const { reference } = await f.payments.createBatch(officer, await newCycle(), { debtor: DEBTOR })
      await f.payments.cancel(officer, reference)
      await f.pay()
      const { state, payments } = await batch(reference)
      assert.deepEqual([state, payments], ['cancelled', 0])
    })
  })

  describe('sending', () => {
    it('writes a file of exactly its payments, whose bytes are the same however often the job runs', async () => {
      const reference = await f.preparedBatch(await newCycle())
      await f.approveBatch(reference)
      await assert.rejects(f.payments.downloadFile(officer, reference), refused('conflict', 'batch-state'))
      await f.payments.send(officer, reference)
      const job = f.waiting.pop()!
      let pages = 0
      const dies = async () => {
        if (++pages === 1) throw new Error('killed')
      }
      await assert.rejects(f.handle(job, { progress: dies }), /killed/)
      assert.equal((await batch(reference)).state, 'sending')
      f.clock.advance(60_000)
      await f.payments.send(officer, reference)
      const next = f.waiting.pop()!
      const results = await Promise.all([f.handle(next), f.handle(next)])
      const first = results.find(result => result !== undefined) as { sha256: string }
      assert.equal(await f.handle(job), undefined, 'a sent batch is not written again')
      await assert.rejects(f.payments.send(officer, reference), refused('conflict', 'batch-state'))
      await f.db.run(sql`
        UPDATE payments.batches SET state = 'sending' WHERE message_id = ${reference}`)
      await f.db.run(sql`
        UPDATE payments.attempts SET state = 'prepared' WHERE batch_id = (SELECT id FROM payments.batches WHERE message_id = ${reference})`)
      f.clock.advance(60_000)
      const second = (await f.handle(job)) as { sha256: string }
      assert.equal(second.sha256, first.sha256)

      const file = await f.payments.downloadFile(officer, reference)
      const xml = await f.text(file.bytes())
      assert.equal(createHash('sha256').update(xml).digest('hex'), file.sha256)
      assert.equal((await batch(reference)).sha256, file.sha256)
      const { items } = await f.payments.listPayments(officer, reference, { state: 'sent' }, everyPage)
      assert.deepEqual(
        [...xml.matchAll(/<EndToEndId>([^<]+)</g)].map(m => m[1]),
        items.map(p => p.endToEndId),
      )
      assert.match(
        xml,
        new RegExp(`<MsgId>${reference}</MsgId>.*<NbOfTxs>300</NbOfTxs><CtrlSum>7500.00</CtrlSum>`),
      )
    })

    it('makes the cycle one that cannot be cancelled, and asks for no day that is over', async () => {
      const cycle = await newCycle()
      const { reference } = await f.payments.createBatch(officer, cycle, {
        debtor: DEBTOR,
        requestedOn: '2026-06-01',
      })
      await f.pay()
      const { file } = await f.sendBatch(reference)
      assert.match(file, /<ReqdExctnDt><Dt>2026-06-15</)
      assert.equal(await f.state(cycle), 'distributing')
    })
  })

  describe('scope', () => {
    it('shows a program to those it is given to, and payments in their areas alone, also in counts', async () => {
      const cycle = await newCycle()
      const reference = await f.preparedBatch(cycle)
      const elsewhere = personWith('finance-officer', {
        programIds: ['00000000-0000-7000-8000-000000000000'],
      })
      await assert.rejects(f.payments.getBatch(elsewhere, reference), refused('not_found'))
      await assert.rejects(f.payments.submit(elsewhere, reference), refused('not_found'))
      await assert.rejects(f.payments.createBatch(elsewhere, cycle, {}), refused('not_found'))
      assert.deepEqual((await f.payments.listBatches(elsewhere, {}, everyPage)).items, [])

      const region = f.people.areas.get('XA01')!
      const local = personWith('finance-officer', { areaIds: [region] })
      await assert.rejects(f.payments.submit(local, reference), refused('forbidden', 'area-scope'))
      const inside = (await f.db.one(sql`
        SELECT count(*)::int AS n FROM programs.entitlements e JOIN areas.closure c ON c.area_id = e.area_id
        WHERE e.cycle_id = ${await f.idOf(cycle)} AND c.ancestor_id = ${region}`))!.n
      assert.ok(inside > 0 && inside < HOUSEHOLDS)
      assert.equal((await f.payments.listPayments(local, reference, {}, everyPage)).items.length, inside)
      assert.deepEqual(await f.payments.outcomes(local, reference), [
        { state: 'prepared', payments: inside, total: BigInt(inside) * 2500n },
      ])
    })

    it('pages through all payments once, and refuses a cursor of another list', async () => {
      const reference = await f.preparedBatch(await newCycle())
      const seen = new Set<string>()
      let cursor: string | undefined
      do {
        const page = await f.payments.listPayments(officer, reference, {}, { limit: 70, cursor })
        for (const p of page.items) seen.add(p.reference)
        cursor = page.next
      } while (cursor)
      assert.equal(seen.size, HOUSEHOLDS)
      const foreign = Buffer.from('["x"]').toString('base64url')
      await assert.rejects(
        f.payments.listPayments(officer, reference, {}, { limit: 1, cursor: foreign }),
        refused('invalid'),
      )
      await assert.rejects(
        f.payments.listBatches(officer, {}, { limit: 1, cursor: foreign }),
        refused('invalid'),
      )
    })
  })
})
