import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { compare, median } from './compare.ts'
import { metric } from './metric.ts'
import { explain } from './plans.ts'
import { familyOf, watch } from './process.ts'
import { table } from './report.ts'

const same = async () => [1]

describe('a comparison', () => {
  it('runs both sides in turn, prepares each run, and leaves the warm-up out', async () => {
    const order: string[] = []
    const side = (name: string) => async () => {
      order.push(name)
      return [1]
    }
    await compare({
      name: 'turns',
      ours: side('A'),
      baseline: side('B'),
      prepare: async which => void order.push(which === 'ours' ? 'a' : 'b'),
    })
    assert.equal(order.join(''), 'aAbB'.repeat(6))
  })

  describe('by a clock of its own', () => {
    const real = performance.now.bind(performance)
    let ms = 0
    before(() => {
      performance.now = () => ms
    })
    after(() => {
      performance.now = real
    })
    /** A side whose runs, the warm-up first, take these times. */
    const takes = (...times: number[]) => {
      let run = 0
      return async () => {
        ms += times[run++]!
        return ['done']
      }
    }
    const sides = () => ({
      ours: takes(9000, 1000, 2000, 500, 16_000, 500),
      baseline: takes(1, 500, 500, 500, 500, 250),
    })

    it('gives the ratio of the medians, and the spread of the pairs', async () => {
      const time = await compare({ name: 'time', ...sides(), goal: { atMost: 1.9 } })
      assert.deepEqual([time.value, time.baseline, time.unit, time.ratio], [1, 0.5, 's', 2])
      assert.deepEqual([time.spread, time.met], [[1, 32], false])
    })

    it('turns times into rates', async () => {
      const work = { count: 1000, unit: 'rows' }
      const rate = await compare({ name: 'rate', ...sides(), work, goal: { atLeast: 0.5 } })
      assert.deepEqual([rate.value, rate.baseline, rate.unit, rate.ratio], [1000, 2000, 'rows/s', 0.5])
      assert.equal(rate.met, true)
    })
  })

  it('is timed by the clock that is given, each side by its own', async () => {
    const seconds = { ours: 0, baseline: 0 }
    const spends = (side: 'ours' | 'baseline', each: number) => async () => {
      seconds[side] += each
      return [1]
    }
    const time = await compare({
      name: 'clock',
      ours: spends('ours', 3),
      baseline: spends('baseline', 2),
      clock: side => seconds[side],
    })
    assert.deepEqual([time.value, time.baseline, time.ratio], [3, 2, 1.5])
  })

  it('fails when the rows differ, in number or in content, and when there are none', async () => {
    const against = (rows: unknown) => compare({ name: 'x', ours: same, baseline: async () => rows })
    await assert.rejects(against([1, 2]), /ours left 1 rows, the baseline 2/)
    await assert.rejects(against([2]), /row 0 differs/)
    await assert.rejects(against(['1']), /row 0 differs/)
    await assert.rejects(against(undefined), /no rows to compare/)
    await assert.rejects(
      compare({ name: 'x', ours: same, baseline: same, rows: async () => [] }),
      /no rows to compare/,
    )
  })

  it('fails when the rows of a later run differ', async () => {
    let run = 0
    const drifting = async () => [run++ < 3 ? 1 : 2]
    await assert.rejects(compare({ name: 'x', ours: drifting, baseline: same }), /row 0 differs/)
  })

  it('is not made of fewer than five pairs', async () => {
    await assert.rejects(compare({ name: 'x', ours: same, baseline: same, runs: 4 }), /too few/)
  })
})

describe('a metric', () => {
  const met = (goal: { atMost: number } | { atLeast: number }, value: number, baseline?: number) =>
    metric({ name: 'x', unit: 's', value, goal, ...(baseline !== undefined && { baseline }) }).met

  it('is judged by its ratio, or by its value when it has no baseline', () => {
    assert.deepEqual([met({ atMost: 1.5 }, 3, 2), met({ atMost: 1.5 }, 3.1, 2)], [true, false])
    assert.deepEqual([met({ atLeast: 0.5 }, 1, 2), met({ atLeast: 0.5 }, 0.9, 2)], [true, false])
    assert.deepEqual([met({ atMost: 50 }, 50), met({ atMost: 50 }, 51)], [true, false])
  })

  it('that is no number meets nothing', () => {
    assert.deepEqual(
      [met({ atMost: 1 }, 0, 0), met({ atLeast: 1 }, 0, 0), met({ atLeast: 1 }, 1, 0)],
      [false, false, false],
    )
  })

  it('stands in the table with its goal', () => {
    const missed = metric({
      name: 'load',
      unit: 'rows/s',
      value: 12_345,
      baseline: 100_000,
      goal: { atLeast: 0.5 },
    })
    assert.match(table([missed]), /MISSED {2}load +12,300 rows\/s +100,000 rows\/s +0\.12 × +≥ 0\.5 ×/)
  })
})

describe('the median', () => {
  it('is the middle in the order of numbers', () => {
    assert.equal(median([10, 9, 100, 2, 1]), 9)
    assert.equal(median([4, 1, 3, 2]), 2.5)
  })
})

describe('a plan', () => {
  it('is asked for in a transaction that is rolled back, also when the statement fails', async () => {
    const said: string[] = []
    const client = (fail: boolean) => ({
      query: async (text: string) => {
        said.push(text.split(' ')[0]!)
        if (fail && text.startsWith('EXPLAIN')) throw new Error('no such table')
        return { rows: [{ 'QUERY PLAN': 'Seq Scan' }, { 'QUERY PLAN': 'Filter' }] }
      },
    })
    assert.equal(await explain(client(false), 'DELETE FROM x'), 'Seq Scan\nFilter')
    await assert.rejects(explain(client(true), 'DELETE FROM x'))
    assert.deepEqual(said, ['BEGIN', 'EXPLAIN', 'ROLLBACK', 'BEGIN', 'EXPLAIN', 'ROLLBACK'])
  })
})

describe('watching a process', () => {
  it('sees its processor time and its memory', async function () {
    if (process.platform !== 'linux') return this.skip()
    const watched = watch(process.pid, 5)
    const held = Buffer.alloc(64 << 20, 1)
    for (const end = performance.now() + 200; performance.now() < end; );
    await pause(20)
    const usage = watched.stop()
    assert.ok(usage.cpuSeconds >= 0.1, `${usage.cpuSeconds} s`)
    assert.ok(usage.cpuSeconds <= usage.seconds * 3)
    assert.ok(usage.peakMb > held.length / (1 << 20), `${usage.peakMb} MB`)
  })

  it('sees what the processes that it started hold, too', async function () {
    if (process.platform !== 'linux') return this.skip()
    const before = watch(process.pid).stop().peakMb
    const holds =
      'const held = Buffer.alloc(64 << 20, 1); setInterval(() => held, 1000); process.send("held")'
    const child = spawn(process.execPath, ['-e', holds], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    await once(child, 'message')
    const usage = watch(process.pid).stop()
    const seen = familyOf(process.pid)
    child.kill()
    assert.ok(usage.peakMb > before + 64, `${before} MB, then ${usage.peakMb} MB`)
    assert.deepEqual(
      seen.map(member => member.pid),
      [process.pid, child.pid],
    )
    assert.match(seen[1]!.command, /Buffer\.alloc/)
  })
})
