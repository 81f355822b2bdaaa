import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import sql from 'sql-template-tag'
import { JobCancelled } from '../jobs/index.ts'
import type { ImportView } from './index.ts'
import { HEADER, type Rig, startRig } from './testing/rig.ts'

const AMINA = 'H1,head,Amina Diallo,F,1984-03-21,77 123 45 67,SN01,ID-1,mobile money,77 123 45 67'
const MODOU = 'H1,fils,Modou Diallo,M,2015,,,ID-2,,'
const FATOU = ',,Fatou Sow,f,31/12/1990,,SN02,ID-3,,GB82 WEST 1234 5698 7654 32'

const until = async (isTrue: () => Promise<boolean>) => {
  const deadline = Date.now() + 45_000
  while (!(await isTrue())) {
    assert.ok(Date.now() < deadline, 'waited too long')
    await pause(50)
  }
}

describe('imports and the registry', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.db.close())
  beforeEach(() => rig.empty())

  describe('people who are in the registry already', () => {
    beforeEach(async () => {
      await rig.commit(await rig.test([AMINA, MODOU, FATOU]))
    })

    it('are updated field by field, and an empty cell erases nothing', async () => {
      const tested = await rig.test([
        'H9,head,Amina Diallo-Ba,,1984,78 123 45 67,,ID-1,,',
        'H9,son,Modou Diallo,,,,,ID-2,,',
      ])
      assert.deepEqual([tested.totals!.create, tested.totals!.update], [0, 2])
      await rig.commit(tested)
      const [amina, , modou] = await rig.people()
      assert.deepEqual(
        [
          amina!.name,
          amina!.sex,
          amina!.birth_date,
          amina!.birth_precision,
          amina!.phones,
          amina!.area,
          amina!.version,
        ],
        ['Amina Diallo-Ba', 'female', '1984-03-21', 'day', ['+221771234567', '+221781234567'], 'SN01', 2],
      )
      assert.equal(modou!.version, 1)
      assert.deepEqual(await rig.counts(), [3, 1, 2, 3, 2])
    })

    it('keep the fields that are to be kept, and their account in any case', async () => {
      const tested = await rig.test([',,Amina Ba,,,,SN02,ID-1,mobile,781234567'], {
        country: 'SN',
        keep: ['name'],
      })
      assert.deepEqual(await rig.issues(tested), ['2 warning Account account-kept'])
      await rig.commit(tested)
      const [amina] = await rig.people()
      assert.deepEqual([amina!.name, amina!.area, amina!.account], ['Amina Diallo', 'SN02', '+221771234567'])
    })

    it('are audited with what was before and after', async () => {
      const im = await rig.commit(await rig.test([',,Amina Ba,,,,,ID-1,,']))
      const entry = await rig.db.one(sql`
        SELECT * FROM audit.entries WHERE action = 'registrant.update' AND subject_id = ${await rig.idOf(im)}`)
      assert.deepEqual(entry!.details, { before: [{ name: 'Amina Diallo' }], after: [{ name: 'Amina Ba' }] })
      assert.equal(entry!.item_ids.length, 1)
    })

    it('get new members into the household they are in', async () => {
      await rig.commit(
        await rig.test(['X,head,Amina Diallo,,,,,ID-1,,', 'X,daughter,Newborn,F,2026-11-01,,SN01,,,']),
      )
      const newborn = (await rig.people()).find(p => p.name === 'Newborn')
      assert.deepEqual([newborn!.household, newborn!.relationship], ['Amina Diallo', 'child'])
      assert.deepEqual(await rig.counts(), [4, 1, 3, 3, 2])
    })

    it('are a conflict to review when they cannot be the same, and the rest is taken', async () => {
      await rig.db.query(
        sql`UPDATE registry.registrants SET status = 'disabled', disabled_at = now() WHERE name = 'Fatou Sow'`,
      )
      const tested = await rig.test([
        ',,Somebody Else,,1950-01-01,,,ID-1,,',
        ',,Fatou Sow,,,,,ID-3,,',
        'H7,head,New Head,M,,,SN01,,,',
        'H7,son,Modou Diallo,,,,,ID-2,,',
        ',,Fresh,F,,,SN01,,,',
      ])
      assert.deepEqual(await rig.issues(tested), [
        '2 conflict Identifier identity-differs',
        '3 conflict Identifier identifier-held',
        '4 conflict Relation head-differs',
        '5 held - household-held',
      ])
      assert.equal((await rig.commit(tested)).totals!.create, 1)
    })

    it('outside the reach of whoever imports are not touched', async () => {
      const im = await rig.imports.start(rig.ctx, await rig.upload(`${HEADER}\n,,Amina Ba,,,,SN02,ID-1,,\n`))
      const grants = [{ permissions: new Set(['*']), areaIds: [rig.areaIds.get('SN02')!], programIds: null }]
      const tested = await rig.work(im, { ctx: { ...rig.ctx, actor: { ...rig.ctx.actor, grants } } })
      assert.deepEqual(await rig.issues(tested), ['2 conflict Identifier identifier-held'])
    })

    it('who are registered between test and commit are recognised', async () => {
      const row = ['H8,head,Khady,F,,,SN01,ID-8,,']
      const [first, second] = [await rig.test(row), await rig.test(row)]
      await rig.commit(first)
      const committed = await rig.commit(second, { again: true })
      assert.deepEqual([committed.totals!.create, committed.totals!.update], [0, 0])
      assert.equal((await rig.people()).filter(p => p.name === 'Khady').length, 1)
    })
  })

  describe('a commit in many chunks', () => {
    const HOUSEHOLDS = 3000
    /** Members of a household are far from each other in the file; long enough for several chunks. */
    const rows = () => {
      const filler = 'x'.repeat(150)
      const row = (i: number, role: string) =>
        `H${i},${role},${role} of ${i} ${filler},F,1984-03-21,,SN01,${role[0]}-${i},,`
      const all = Array.from({ length: HOUSEHOLDS }, (_, i) => i)
      return [...all.map(i => row(i, 'head')), ...all.map(i => row(i, 'child'))]
    }
    const whole = [2 * HOUSEHOLDS, HOUSEHOLDS, 2 * HOUSEHOLDS, 2 * HOUSEHOLDS, 0]
    let tested: ImportView
    let chunks: number
    beforeEach(async () => {
      tested = await rig.test(rows())
      assert.equal(tested.totals!.create, 2 * HOUSEHOLDS)
      chunks = (await rig.db.one(
        sql`SELECT count(*)::int AS n FROM imports.chunks WHERE import_id = ${await rig.idOf(tested)}`,
      ))!.n
      assert.ok(chunks >= 3, `${chunks} chunks`)
    })

    const audited = async () =>
      (await rig.db.one(sql`SELECT sum(items)::int AS n FROM audit.entries WHERE action = 'registrant.import'
                        AND subject_id = ${await rig.idOf(tested)}`))!.n

    it('that is cut off in the middle of a chunk goes on without doing a row twice', async () => {
      const im = await rig.imports.commit(rig.ctx, tested.reference)
      let told = 0
      const crash = rig.work(im, {
        progress: async () => {
          if (++told === 2) throw new Error('killed')
        },
      })
      await assert.rejects(crash, /killed/)
      const [partly, groups] = await rig.counts()
      assert.ok(partly! > 0 && partly! < 2 * HOUSEHOLDS, `${partly}`)
      assert.equal(partly, 2 * groups!)
      assert.equal(await audited(), partly! + groups!)
      assert.equal((await rig.work(im)).state, 'committed')
      assert.deepEqual(await rig.counts(), whole)
      assert.equal(await audited(), 3 * HOUSEHOLDS)
    })

    it('is finished by another worker when the one at work is killed in the middle of a chunk', async () => {
      await rig.imports.commit(rig.ctx, tested.reference)
      const started: ChildProcess[] = []
      const startWorker = () => {
        const script = join(import.meta.dirname, 'testing/worker.ts')
        started.push(
          spawn(process.execPath, [script, rig.db.url], { stdio: ['ignore', 'ignore', 'inherit'] }),
        )
        return started.at(-1)!
      }
      try {
        await rig.db.transaction(async () => {
          // People of the chunk are in by the time this makes the worker wait.
          await rig.db.query(sql`LOCK TABLE registry.payment_accounts IN SHARE MODE`)
          const worker = startWorker()
          await until(async () => {
            const waiting = await rig.db.query(sql`
              SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'registry.payment_accounts'::regclass`)
            return waiting.length > 0
          })
          worker.kill('SIGKILL')
          await once(worker, 'exit')
        })
        assert.deepEqual(await rig.counts(), [0, 0, 0, 0, 0])
        startWorker()
        await until(async () => (await rig.imports.get(rig.ctx, tested.reference)).state === 'committed')
      } finally {
        for (const worker of started) worker.kill('SIGKILL')
      }
      assert.deepEqual(await rig.counts(), whole)
      assert.equal(await audited(), 3 * HOUSEHOLDS)
    }).timeout(60_000)

    it('goes on when a crash of the database emptied the staged rows', async () => {
      const im = await rig.imports.commit(rig.ctx, tested.reference)
      let told = 0
      const crash = rig.work(im, {
        progress: async () => {
          if (++told === 2) throw new Error('killed')
        },
      })
      await assert.rejects(crash)
      await rig.db.query(sql`DELETE FROM imports.staged_rows`)
      assert.equal((await rig.work(im)).state, 'committed')
      assert.deepEqual(await rig.counts(), whole)
    })

    it('stops between chunks when cancelled, and goes on later', async () => {
      let checks = 0
      const paused = rig.work(await rig.imports.commit(rig.ctx, tested.reference), {
        checkpoint: async () => {
          if (++checks === 2) throw new JobCancelled()
        },
      })
      await assert.rejects(paused, JobCancelled)
      assert.equal((await rig.imports.get(rig.ctx, tested.reference)).state, 'paused')
      const [partly] = await rig.counts()
      assert.ok(partly! > 0 && partly! < 2 * HOUSEHOLDS)
      assert.equal((await rig.commit(tested)).state, 'committed')
      assert.deepEqual(await rig.counts(), whole)
    })

    it('stops between chunks when the role of whoever commits is taken away, and another goes on', async () => {
      const grant = rig.ctx.actor.grants[0]!
      const demoted = { ...rig.ctx.actor, grants: [{ ...grant, permissions: new Set(['import:read']) }] }
      let checks = 0
      const run = {
        get ctx() {
          return checks < 2 ? rig.ctx : { ...rig.ctx, actor: demoted }
        },
        checkpoint: async () => {
          checks++
        },
      }
      const stopped = rig.work(await rig.imports.commit(rig.ctx, tested.reference), run)
      await assert.rejects(stopped, { code: 'forbidden' })
      assert.equal((await rig.imports.get(rig.ctx, tested.reference)).state, 'paused')
      const [partly] = await rig.counts()
      assert.ok(partly! > 0 && partly! < 2 * HOUSEHOLDS)
      assert.equal((await rig.commit(tested)).state, 'committed')
      assert.deepEqual(await rig.counts(), whole)
    })

    it('is done once when two workers run it at the same time', async () => {
      const im = await rig.imports.commit(rig.ctx, tested.reference)
      await Promise.all([rig.work(im), rig.work(im)])
      assert.deepEqual(await rig.counts(), whole)
    })
  })

  describe('undoing', () => {
    it('disables with a reason whom the import made, puts back what it changed, and can be followed by the corrected file', async () => {
      await rig.commit(await rig.test([FATOU]))
      const im = await rig.commit(await rig.test([AMINA, MODOU, ',,Fatou Ndiaye,,,,SN01,ID-3,,']))
      const undone = await rig.work(await rig.imports.undo(rig.ctx, im.reference))
      assert.equal(undone.state, 'undone')
      assert.deepEqual(
        (await rig.people()).map(p => [p.name, p.status, p.area, p.household, p.identifier]),
        [
          ['Amina Diallo', 'disabled', 'SN01', null, null],
          ['Fatou Sow', 'active', 'SN02', null, 'ID-3'],
          ['Modou Diallo', 'disabled', 'SN01', null, null],
        ],
      )
      const reasons = await rig.db.query(
        sql`SELECT DISTINCT disabled_reason AS r FROM registry.registrants WHERE status = 'disabled'`,
      )
      assert.deepEqual(
        reasons.map(r => r.r),
        ['the import was undone'],
      )
      const entry = await rig.db.one(sql`SELECT items FROM audit.entries WHERE action = 'registrant.disable'
                                     ORDER BY at DESC LIMIT 1`)
      assert.equal(entry!.items, 3)
      const again = await rig.test([AMINA, MODOU])
      assert.deepEqual([again.totals!.create, await rig.issues(again)], [2, []])
    })

    for (const [what, touch] of [
      ['a person was changed', sql`UPDATE registry.registrants SET version = 2 WHERE name = 'Modou Diallo'`],
      [
        'a person joined a household of it',
        sql`INSERT INTO registry.memberships (group_id, member_id, started_on)
            SELECT id, kernel.uuid7(), '2026-11-23' FROM registry.registrants WHERE kind = 'group'`,
      ],
      [
        'a person left',
        sql`UPDATE registry.memberships SET ended_on = started_on WHERE relationship = 'child'`,
      ],
    ] as const)
      it(`is refused when ${what}`, async () => {
        const im = await rig.commit(await rig.test([AMINA, MODOU]))
        await rig.db.query(touch)
        await assert.rejects(rig.work(await rig.imports.undo(rig.ctx, im.reference)), {
          rule: 'import-touched',
        })
        assert.equal((await rig.imports.get(rig.ctx, im.reference)).state, 'committed')
        assert.ok((await rig.people()).every(p => p.status === 'active'))
      })
  })
})
