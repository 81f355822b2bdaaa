import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import sql from 'sql-template-tag'
import type { ImportView } from './index.ts'
import { type Rig, startRig } from './testing/rig.ts'

const FAMILY = [
  'H1,head,Almaz Tesfaye,F,1990-04-12,,SN01,ID-1,,',
  'H1,child,Biruk Tesfaye,M,2024-02-29,,SN01,,,',
  'H1,child,Éden Tesfaye,F,2020,,SN01,,,',
  'H1,child,Baby,,,,SN01,,,',
]
/** Almaz is known by her identifier, and with her the household, whatever it is called in the file. */
const ALMAZ = 'X,head,Almaz Tesfaye,,,,,ID-1,,'

describe('people without an identifier', () => {
  let rig: Rig
  before(async () => {
    rig = await startRig()
  })
  after(() => rig.db.close())
  beforeEach(async () => {
    await rig.empty()
    await rig.commit(await rig.test(FAMILY))
  })

  const willBe = ({ totals }: ImportView) => [totals!.create, totals!.update]
  const person = async (name: string) => (await rig.people()).find(p => p.name === name)
  /** The audit entries of an import, beside that of its request. */
  const audited = async (im: ImportView) =>
    rig.db.query(sql`
      SELECT action, details, item_ids FROM audit.entries
      WHERE subject_id = ${await rig.idOf(im)} AND action LIKE 'registrant.%'`)

  describe('in a household that is known through another member', () => {
    it('are recognised by name and date of birth: an identical file changes nothing', async () => {
      const everything = [await rig.people(), await rig.counts()]
      const again = await rig.test([...FAMILY, ''])
      assert.deepEqual([willBe(again), await rig.issues(again)], [[0, 4], []])
      const committed = await rig.commit(again)
      assert.deepEqual(willBe(committed), [0, 0])
      assert.deepEqual([await rig.people(), await rig.counts()], everything)
      assert.deepEqual(await audited(committed), [])
    })

    for (const [how, row] of [
      ['the name in other case', 'X,child,BIRUK TESFAYE,,2024-02-29,,,,,'],
      ['other white space in the name', 'X,child, Biruk \u00a0 Tesfaye ,,2024-02-29,,,,,'],
      ['the name composed otherwise', 'X,child,E\u0301den TESFAYE,,2020,,,,,'],
      ['a date that is less exact', 'X,child,Biruk Tesfaye,,2024-02,,,,,'],
      ['no date', 'X,child,Biruk Tesfaye,,,,,,,'],
    ] as const)
      it(`are recognised when the file has ${how}`, async () => {
        assert.deepEqual(willBe(await rig.test([ALMAZ, row])), [0, 2])
      })

    it('are recognised though the registry has the name in other case, composition and white space', async () => {
      await rig.db.query(
        sql`UPDATE registry.registrants SET name = ${' E\u0301DEN  Tesfaye'} WHERE name = 'Éden Tesfaye'`,
      )
      assert.deepEqual(willBe(await rig.test([ALMAZ, FAMILY[2]!.replace('H1', 'X')])), [0, 2])
    })

    it('are somebody new with another name, or with another date of birth', async () => {
      const tested = await rig.test([
        ALMAZ,
        'X,child,Biruk Tesfay,M,2024-02-29,,SN01,,,',
        'X,child,Biruk Tesfaye,M,2024-02-28,,SN01,,,',
        'X,child,Éden Tesfaye,F,2021,,SN01,,,',
      ])
      assert.deepEqual([willBe(tested), await rig.issues(tested)], [[3, 1], []])
    })

    it('are updated field by field like those whom an identifier names', async () => {
      await rig.commit(
        await rig.test([ALMAZ, 'X,child,biruk tesfaye,,2024,771234567,SN02,,,'], {
          country: 'SN',
          keep: ['name'],
        }),
      )
      const { birth_date, birth_precision, phones, area, sex, version } = (await person('Biruk Tesfaye'))!
      assert.deepEqual(
        [birth_date, birth_precision, phones, area, sex, version],
        ['2024-02-29', 'day', ['+221771234567'], 'SN02', 'male', 2],
      )
      assert.deepEqual(await rig.counts(), [4, 1, 4, 1, 0])
    })

    it('get the identifier they lacked, which is audited, names them from then on, and goes when the import is undone', async () => {
      const committed = await rig.commit(
        await rig.test([ALMAZ, 'X,child,Biruk Tesfaye,,,,SN02,ID-2,,', 'X,child,Baby,,,,,ID-3,,']),
      )
      assert.deepEqual(willBe(committed), [0, 2])
      const [biruk, baby] = [await person('Biruk Tesfaye'), await person('Baby')]
      assert.deepEqual([biruk!.identifier, biruk!.area, baby!.identifier], ['ID-2', 'SN02', 'ID-3'])
      const [entry, ...others] = await audited(committed)
      assert.deepEqual([others, entry!.item_ids.length], [[], 2])
      const changes: Record<string, string>[] = entry!.details.after
      assert.deepEqual(Object.fromEntries(changes.map(c => [c['identifier.national_id'], c.area_id])), {
        'ID-2': rig.areaIds.get('SN02'),
        'ID-3': undefined,
      })
      assert.deepEqual(willBe(await rig.test([',,Biruk,,2024-02-29,,,ID-2,,'])), [0, 1])

      await rig.work(await rig.imports.undo(rig.ctx, committed.reference))
      const after = (await rig.people()).map(p => [p.name, p.identifier, p.area])
      assert.deepEqual(after, [
        ['Almaz Tesfaye', 'ID-1', 'SN01'],
        ['Baby', null, 'SN01'],
        ['Biruk Tesfaye', null, 'SN01'],
        ['Éden Tesfaye', null, 'SN01'],
      ])
    })

    it('keep the identifier they have, with a warning', async () => {
      await rig.commit(await rig.test([ALMAZ, 'X,child,Biruk Tesfaye,,,,,ID-2,,']))
      const tested = await rig.test([ALMAZ, 'X,child,Biruk Tesfaye,,,,,ID-9,,'])
      assert.deepEqual(await rig.issues(tested), ['3 warning Identifier identifier-kept'])
      assert.deepEqual(willBe(await rig.commit(tested)), [0, 0])
      assert.equal((await person('Biruk Tesfaye'))!.identifier, 'ID-2')
    })

    it('are a conflict to review when there is more than one such member', async () => {
      await rig.commit(await rig.test([ALMAZ, 'X,child,Baby,,2026-01-01,,SN01,,,']))
      await rig.db.query(
        sql`UPDATE registry.registrants SET birth_date = '2026-01-01', birth_precision = 'day' WHERE name = 'Baby'`,
      )
      const tested = await rig.test([ALMAZ, 'X,child,Baby,,2026,,,,,'])
      assert.deepEqual(await rig.issues(tested), [
        '2 held - household-held',
        '3 conflict Full name member-ambiguous',
      ])
    })

    it('are a conflict on both rows when two rows are the same person, whichever way they are recognised', async () => {
      const twice = await rig.test([
        ALMAZ,
        'X,child,Biruk Tesfaye,,2024,,,,,',
        'X,child,biruk tesfaye,,,,,,,',
      ])
      assert.deepEqual(await rig.issues(twice), [
        '2 held - household-held',
        '3 conflict Full name member-twice',
        '4 conflict Full name member-twice',
      ])
      const { items } = await rig.imports.issues(
        rig.ctx,
        twice.reference,
        { severity: 'conflict' },
        { limit: 9 },
      )
      assert.deepEqual(
        items.map(i => i.message),
        [
          'Line 4 is about the same person of the registry.',
          'Line 3 is about the same person of the registry.',
        ],
      )
      const other = await rig.test([ALMAZ, 'X,other,Almaz Tesfaye,,1990,,SN01,ID-77,,', ',,Fresh,,,,SN01,,,'])
      assert.deepEqual(await rig.issues(other), [
        '2 conflict Full name member-twice',
        '3 conflict Full name member-twice',
        '3 warning Identifier identifier-kept',
      ])
      assert.deepEqual(willBe(await rig.commit(other)), [1, 0])
      assert.equal((await rig.counts())[0], 5)
    })

    it('are not looked for among former members, nor in the households of others', async () => {
      await rig.db.query(sql`
        UPDATE registry.memberships SET ended_on = started_on
        WHERE member_id = (SELECT id FROM registry.registrants WHERE name = 'Baby')`)
      await rig.commit(await rig.test(['H2,head,Saba,F,1988,,SN01,ID-5,,']))
      const rows = [
        ALMAZ,
        'X,child,Baby,,,,SN01,,,',
        'Y,head,Saba,,,,,ID-5,,',
        'Y,child,Biruk Tesfaye,,2024-02-29,,SN01,,,',
      ]
      assert.deepEqual(willBe(await rig.test(rows)), [2, 2])
    })

    it('are recognised as the head too', async () => {
      await rig.commit(
        await rig.test(['H3,head,Dawit,M,1985-11-03,,SN01,,,', 'H3,spouse,Saba,F,1988,,SN01,ID-6,,']),
      )
      const again = await rig.test([
        'Z,head,Dawit,M,1985-11-03,,SN01,,,',
        'Z,spouse,Saba,F,1988,,SN01,ID-6,,',
      ])
      assert.deepEqual([willBe(again), await rig.issues(again)], [[0, 2], []])
    })

    it('outside the reach of whoever imports are neither touched nor made once more', async () => {
      await rig.commit(await rig.test([ALMAZ, 'X,child,Baby,,,,SN02,,,']))
      const im = await rig.imports.start(
        rig.ctx,
        await rig.upload(
          'Household,Relation,Full name,Area code,Identifier\nX,head,Almaz Tesfaye,,ID-1\nX,child,Baby,SN01,\n',
        ),
      )
      const grants = [{ permissions: new Set(['*']), areaIds: [rig.areaIds.get('SN01')!], programIds: null }]
      const tested = await rig.work(im, { ctx: { ...rig.ctx, actor: { ...rig.ctx.actor, grants } } })
      assert.deepEqual(await rig.issues(tested), [
        '2 held - household-held',
        '3 conflict Full name member-held',
      ])
    })

    it('are locked before they are compared with, so that nothing done meanwhile is lost', async () => {
      const tested = await rig.test([ALMAZ, 'X,child,Biruk Tesfaye,,,771234567,,,,'])
      const other = new pg.Client({ connectionString: rig.db.url })
      await other.connect()
      await other.query('BEGIN')
      await other.query(
        `UPDATE registry.registrants SET phones = '{+221770000000}' WHERE name = 'Biruk Tesfaye'`,
      )
      const committed = rig.commit(tested)
      const waiting = sql`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
      while (!(await rig.db.one(waiting))) await pause(20)
      await other.query('COMMIT')
      await other.end()
      await committed
      assert.deepEqual((await person('Biruk Tesfaye'))!.phones, ['+221770000000', '+221771234567'])
    })

    it('are made once when two files bring them at the same time', async () => {
      const newborn = 'X,child,Newborn,F,2026-11-01,,SN01,,,'
      const files = [await rig.test([ALMAZ, newborn]), await rig.test([ALMAZ, newborn, ''])]
      const done = await Promise.all(files.map(im => rig.commit(im)))
      assert.equal(done[0]!.totals!.create + done[1]!.totals!.create, 1)
      assert.equal((await rig.people()).filter(p => p.name === 'Newborn').length, 1)
    })
  })

  describe('in households in which nobody has one', () => {
    const NAMELESS = ['H8,head,Khady,F,,,SN01,,,', 'H8,child,Lamine,M,2020,,SN01,,,']

    it('would be made once more: the same file is warned of, and committed only when that is said', async () => {
      const first = await rig.commit(await rig.test(NAMELESS))
      const second = await rig.test(NAMELESS)
      assert.deepEqual(await rig.issues(second), ['1 warning - file-imported-before'])
      const { items } = await rig.imports.issues(rig.ctx, second.reference, {}, { limit: 1 })
      assert.equal(items[0]!.message, `The same file was imported before: ${first.reference}, on 2026-11-22.`)
      await assert.rejects(rig.imports.commit(rig.ctx, second.reference), { rule: 'file-imported-before' })
      assert.deepEqual(willBe(await rig.commit(second, { again: true })), [2, 0])
    })

    it('may be imported from the same file when it was only tested before, or undone', async () => {
      const [one, two] = [await rig.test(NAMELESS), await rig.test(NAMELESS)]
      assert.deepEqual(await rig.issues(two), [])
      const committed = await rig.commit(one)
      await assert.rejects(rig.imports.commit(rig.ctx, two.reference), { rule: 'file-imported-before' })
      const undoing = await rig.imports.undo(rig.ctx, committed.reference)
      await assert.rejects(rig.imports.commit(rig.ctx, two.reference), { rule: 'file-imported-before' })
      await rig.work(undoing)
      assert.deepEqual(willBe(await rig.commit(two)), [2, 0])
    })

    it('are committed from one of two imports of the same file that come at the same time', async () => {
      const tested = [await rig.test(NAMELESS), await rig.test(NAMELESS)]
      const outcomes = await Promise.allSettled(tested.map(im => rig.imports.commit(rig.ctx, im.reference)))
      assert.deepEqual(outcomes.map(o => o.status).sort(), ['fulfilled', 'rejected'])
    })
  })
})
