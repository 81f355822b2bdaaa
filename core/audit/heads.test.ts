import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { type Head, keyringOfJwks, type Proof, proofFault, verifyHeads } from './index.ts'
import { type Rig, startRig } from './testing/rig.ts'

describe('heads and proofs of the audit trail, far from the database', function () {
  this.timeout(120_000)

  let rig: Rig
  let heads: Head[]
  /** What an overseer has of us: the public keys, as text. */
  let keys: string
  before(async () => {
    rig = await startRig()
    heads = []
    for (const entries of [1, 4, 7]) {
      await rig.write(entries)
      heads.push((await rig.seal())!)
    }
    keys = JSON.stringify(await rig.audit.publicKeys())
  })
  after(() => rig.close())

  const brokenAt = (kept: Head[]) => {
    const verdict = verifyHeads(kept, keyringOfJwks(keys))
    return 'broken' in verdict ? [verdict.broken, verdict.height] : undefined
  }

  it('are read as they were sealed: all of them, or a page newest first', async () => {
    const all: Head[] = []
    for await (const head of rig.audit.headsFrom(2n)) all.push(head)
    assert.deepEqual(all, heads.slice(1))
    const first = await rig.audit.heads({ limit: 2 })
    const rest = await rig.audit.heads({ limit: 2, cursor: first.next })
    assert.deepEqual([...first.items, ...rest.items], [...heads].reverse())
    assert.equal(rest.next, undefined)
  })

  it('are sound in any order, some twice, and from any height on', () => {
    const verdict = verifyHeads([heads[2]!, heads[1]!, heads[2]!], keyringOfJwks(keys))
    assert.deepEqual(verdict, { from: '2', to: '3', heads: 2 })
  })

  it('are found out when anything in them was altered', () => {
    for (const field of Object.keys(heads[1]!) as (keyof Head)[]) {
      const value = heads[1]![field]
      const other =
        typeof value === 'number'
          ? value + 1
          : field === 'sealedAt'
            ? '2025-01-01T00:00:00.000Z'
            : flipped(value)
      assert.ok(brokenAt([heads[0]!, { ...heads[1]!, [field]: other }, heads[2]!]), field)
    }
  })

  it('are found out when one is missing, of another key, or there are two of one height', async () => {
    assert.deepEqual(brokenAt([heads[0]!, heads[2]!]), ['a block before this one is missing', '3'])
    assert.deepEqual(brokenAt([]), ['there is no head in it', undefined])
    const nobodys = verifyHeads(heads, new Map())
    assert.deepEqual(nobodys, { broken: 'the signature of the block is not ours', height: '1' })
    await rig.superuser.query('CREATE TABLE kept AS SELECT * FROM audit.blocks WHERE height = 3')
    await rig.superuser.query('DELETE FROM audit.blocks WHERE height = 3')
    rig.clock.advance(1_000)
    const again = (await rig.seal())!
    await rig.superuser.query('DELETE FROM audit.blocks WHERE height = 3')
    await rig.superuser.query('INSERT INTO audit.blocks SELECT * FROM kept')
    assert.deepEqual(brokenAt([...heads, again]), ['there are two different blocks of this height', '3'])
  })

  it('every entry is proven to be in its block, and nothing else by its proof', async () => {
    const entries = await rig.db.query<{ id: string }>(sql`SELECT id FROM audit.entries ORDER BY xid, id`)
    assert.equal(entries.length, 12)
    const proofs: Proof[] = []
    for (const { id } of entries) proofs.push(await rig.audit.prove(id))
    const ring = keyringOfJwks(keys)
    assert.deepEqual(
      proofs.map(p => [proofFault(p, ring), p.head.height, p.index]),
      [1, 4, 7].flatMap((n, b) => Array.from({ length: n }, (_, i) => [undefined, String(b + 1), i])),
    )
    const [one, other] = [proofs[3]!, proofs[4]!]
    const wrong: Partial<Proof>[] = [
      { leaf: other.leaf },
      { index: other.index },
      { path: other.path },
      { path: one.path.slice(1) },
      { head: heads[2]! },
    ]
    for (const change of wrong)
      assert.match(
        proofFault({ ...one, text: null, ...change }, ring)!,
        /does not lead to the root/,
        JSON.stringify(change),
      )
    assert.match(proofFault({ ...one, text: other.text }, ring)!, /not the one of the leaf/)
    assert.match(proofFault({ ...one, entry: other.entry }, ring)!, /that of another entry/)
    const altered = { ...one, head: { ...one.head, sealedAt: '2025-01-01T00:00:00.000Z' } }
    assert.match(proofFault(altered, ring)!, /block was altered/)
  })

  it('no entry is proven before it is sealed, and none that is not there', async () => {
    await rig.write(1)
    const [newest] = await rig.db.query<{ id: string }>(
      sql`SELECT id FROM audit.entries ORDER BY xid DESC LIMIT 1`,
    )
    await assert.rejects(rig.audit.prove(newest!.id), { code: 'conflict', rule: 'not-sealed' })
    await assert.rejects(rig.audit.prove('019ab000-0000-7000-8000-000000000001'), { code: 'not_found' })
  })
})

/** Another text of the same length: its first character is another digit. */
const flipped = (text: string) => (text.startsWith('1') ? '2' : '1') + text.slice(1)
