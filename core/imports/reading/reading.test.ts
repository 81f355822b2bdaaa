import assert from 'node:assert/strict'
import { parse as oracle } from 'csv-parse/sync'
import fc from 'fast-check'
import { type CsvOptions, openCsv } from './csv.ts'
import { type RowIssue, UnreadableTable } from './issue.ts'
import { createScanner, type Scanned } from './scan.ts'

async function* inBlocks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = async (content: string | Buffer, options: CsvOptions & { blockSize?: number } = {}) => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const table = await openCsv(inBlocks(bytes, options.blockSize ?? 65_536), options)
  const result = {
    ...table,
    rows: [] as string[][],
    lines: [] as number[],
    issues: [] as RowIssue[],
  }
  for await (const batch of table.batches) {
    result.rows.push(...batch.rows)
    result.lines.push(...batch.lines)
    result.issues.push(...batch.issues)
  }
  return result
}

/** What the reading was refused for: `line:column code`. */
const refusal = async (content: string | Buffer | AsyncIterable<Buffer>, options: CsvOptions = {}) => {
  const stream = typeof content === 'string' ? inBlocks(Buffer.from(content), 65_536) : content
  try {
    const table = await openCsv(Buffer.isBuffer(stream) ? inBlocks(stream, 65_536) : stream, options)
    for await (const _ of table.batches);
  } catch (e) {
    assert.ok(e instanceof UnreadableTable, String(e))
    return e.issues.map(i => `${i.line}:${i.column ?? '-'} ${i.code}`).join(', ')
  }
  return 'read without complaint'
}

/** What the scanner makes of a text that comes in pieces of `size` characters. */
const scan = (text: string, size: number): Scanned => {
  const scanner = createScanner(',')
  const all: Scanned = { lines: [], rows: [] }
  for (let at = 0; at <= text.length; at += size) {
    const { lines, rows } = scanner.push(text.slice(at, at + size), at + size > text.length)
    all.lines.push(...lines)
    all.rows.push(...rows)
  }
  return all
}

const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()

describe('reading the text of a file', () => {
  const people = 'name;born\nZoë;1984\nأمينة 😀;1990\n'

  for (const [what, bytes, encoding] of [
    ['UTF-8', Buffer.from(people), 'utf-8'],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${people}`), 'utf-8'],
    ['UTF-16 little-endian', Buffer.from(`\ufeff${people}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 big-endian', utf16be(people), 'utf-16be'],
  ] as const)
    it(`reads ${what}, wherever the blocks are cut`, async () => {
      for (const blockSize of [1, 2, 3, 5, 7, 65_536]) {
        const table = await read(bytes, { blockSize })
        assert.equal(table.encoding, encoding)
        assert.deepEqual(table.header, ['name', 'born'])
        assert.deepEqual(table.rows, [
          ['Zoë', '1984'],
          ['أمينة 😀', '1990'],
        ])
      }
    })

  it('takes what is not UTF-8 for Windows-1252, and says so', async () => {
    const table = await read(Buffer.from('name,price\nZo\xeb,5 \x80\n', 'latin1'))
    assert.equal(table.encoding, 'windows-1252')
    assert.deepEqual(table.rows, [['Zoë', '5 €']])
  })

  it('does not cut the sample inside a character', async () => {
    const filler = 'x'.repeat(9_000)
    for (const shift of [0, 1, 2]) {
      const bytes = Buffer.from(`n\n${`${filler}\n`.repeat(7)}${'y'.repeat(shift)}${'€'.repeat(3_000)}\n`)
      assert.equal((await read(bytes)).encoding, 'utf-8')
    }
  })

  it('names the line where UTF-8 ends to be UTF-8 after the first 64 kB, unless the encoding is given', async () => {
    const good = `name\r\n${'Amina\r\n'.repeat(20_000)}`
    const bytes = Buffer.concat([Buffer.from(good), Buffer.from('Zo\xeb\r\n', 'latin1')])
    assert.equal(await refusal(bytes), '20002:- encoding')
    assert.equal((await read(bytes, { encoding: 'windows-1252' })).rows.at(-1)![0], 'Zoë')
  })

  it('refuses a lone surrogate and an odd byte in UTF-16', async () => {
    assert.equal(await refusal(Buffer.from('\ufeffname\nab\ud800cd\n', 'utf16le')), '2:- encoding')
    const odd = Buffer.concat([Buffer.from('\ufeffname\nab', 'utf16le'), Buffer.from([0x41])])
    assert.equal(await refusal(odd), '2:- encoding')
  })

  it('refuses NUL bytes with their line', async () => {
    assert.equal(await refusal('name\nA\nB\0B\n'), '3:- nul-byte')
    assert.equal(await refusal(Buffer.from('name\nA\n', 'utf16le')), '1:- nul-byte')
  })

  it('refuses a spreadsheet with advice', async () => {
    assert.equal(await refusal(Buffer.from('PK\x03\x04xxxx')), '1:- not-text')
  })

  it('closes the source when reading stops early', async () => {
    let isClosed = false
    async function* source() {
      try {
        for (;;) yield Buffer.from('a,b\n1,2\n'.repeat(20_000))
      } finally {
        isClosed = true
      }
    }
    const table = await openCsv(source())
    for await (const _ of table.batches) break
    assert.ok(isClosed)
  })
})

describe('reading a table', () => {
  for (const [delimiter, name] of [
    [',', 'commas'],
    [';', 'semicolons'],
    ['\t', 'tabs'],
    ['|', 'pipes'],
  ] as const)
    it(`finds ${name} by the header, quoted ones aside`, async () => {
      const other = delimiter === ',' ? ';' : ','
      const table = await read([`"a${other.repeat(5)}"`, 'b', 'c\n1', '2', '3'].join(delimiter))
      assert.equal(table.delimiter, delimiter)
      assert.deepEqual(table.rows, [['1', '2', '3']])
    })

  it('numbers lines as an editor does, with every kind of line break, also inside quotes', async () => {
    for (const br of ['\n', '\r\n', '\r'])
      for (const size of [1, 2, 3, 1000]) {
        const text = ['a,b', '1,"x', 'y"', '', '2,"say ""hi"""', ',', '3,z'].join(br)
        assert.deepEqual(scan(text, size), {
          lines: [1, 2, 5, 7],
          rows: [
            ['a', 'b'],
            ['1', `x${br}y`],
            ['2', 'say "hi"'],
            ['3', 'z'],
          ],
        })
      }
  })

  it('agrees with another parser on any table, wherever the blocks are cut', () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.stringMatching(/^[a,;"\r\n é]{0,8}$/),
      fc.constantFrom('', '"', '""', 'a""b', '\r\n', '😀'),
    )
    const written = ([text, isPlain]: [string, boolean]) =>
      isPlain && /^[^",\r\n]+$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        (rows, br, size) => {
          const text = rows.map(row => row.map(written).join(',')).join(br)
          const expected = oracle(text, { record_delimiter: br, relax_column_count: true })
          assert.deepEqual(
            scan(text, size).rows,
            expected.filter(row => row.some(c => c !== '')),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('refuses an empty file, and one with nothing but a header', async () => {
    for (const nothing of ['', '\ufeff', '\n\n', ',,\n'])
      assert.equal(await refusal(nothing), '1:- empty-file')
    assert.equal(await refusal('name,sex\n'), '1:- no-rows')
  })

  it('refuses names missing from the header and names that differ only in case, accents or marks, all at once', async () => {
    assert.equal(await refusal('Prénom,,sex,PRENOM *\nA,B,C,D\n'), '1:2 header-missing, 1:4 header-duplicate')
  })

  it('keeps ragged rows apart with their line', async () => {
    const table = await read('a,b\n1\n1,2\n1,2,3\n')
    assert.deepEqual(
      table.issues.map(i => [i.line, i.code, i.message]),
      [
        [2, 'ragged-row', 'The row has 1 cells, the header has 2.'],
        [4, 'ragged-row', 'The row has 3 cells, the header has 2.'],
      ],
    )
    assert.equal(table.rows.length, 3)
  })

  it('refuses a quote that is never closed, and text after a closing one, where they are', async () => {
    assert.equal(await refusal('a,b\n1,2\n3,"x\n4,5\n'), '3:2 unclosed-quote')
    assert.equal(await refusal('a,b\n"1"x,2\n'), '2:1 text-after-quote')
  })
})

describe('hostile tables', () => {
  /** A file without end: it must be refused while little of it has been read. */
  const endless = (start: string, block: string) => {
    const state = { read: 0 }
    async function* bytes() {
      yield Buffer.from(start)
      const more = Buffer.from(block)
      for (; state.read < 10_000_000; state.read += more.length) yield more
    }
    return { state, bytes: bytes() }
  }

  for (const [what, start, block, place] of [
    ['10 MB in one cell', 'a,b\n1,', 'x'.repeat(16_384), '2:2 cell-too-long'],
    ['10 MB in one quoted cell', 'a,b\n1,"', 'x\n'.repeat(8_192), '2:2 cell-too-long'],
    ['10 MB of doubled quotes', 'a,b\n1,"', '""'.repeat(8_192), '2:2 cell-too-long'],
    ['10 MB in the header', '', 'x'.repeat(16_384), '1:1 cell-too-long'],
    ['a million columns', 'a,b\n', ','.repeat(16_384), '2:501 too-many-columns'],
    ['a million columns in the header', 'a,b', ',c'.repeat(8_192), '1:501 too-many-columns'],
    ['a long record of long cells', 'a\n', `${'x'.repeat(9_000)},`, '2:12 record-too-long'],
  ] as const)
    it(`refuses ${what} early`, async () => {
      const { state, bytes } = endless(start, block)
      assert.equal(await refusal(bytes), place)
      assert.ok(state.read < 500_000, `${state.read} bytes were read`)
    })

  it('takes a cell and a header that are just within the limits', async () => {
    const header = Array.from({ length: 500 }, (_, i) => `c${i}`).join(',')
    const row = ['x'.repeat(10_000), ...Array<string>(499).fill('y')].join(',')
    assert.equal((await read(`${header}\n${row}\n`)).rows[0]!.length, 500)
  })

  it('never fails but by a refusal, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
        await refusal(Buffer.from(bytes))
      }),
    )
  })
})
