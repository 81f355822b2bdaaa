import assert from 'node:assert/strict'
import fc from 'fast-check'
import { cutName } from './holder-name.ts'
import { anyName } from './testing.ts'

const bytesOf = (text: string) => Buffer.byteLength(text)
const graphemesOf = (text: string) => [...new Intl.Segmenter().segment(text)].map(s => s.segment)

describe('the name on a credential', () => {
  it('stays whole up to 64 bytes', () => {
    assert.equal(cutName('N'.repeat(64)), 'N'.repeat(64))
    assert.equal(cutName('አ'.repeat(21)), 'አ'.repeat(21))
  })

  it('is cut to 64 bytes between graphemes, and says so', () => {
    assert.equal(cutName('N'.repeat(65)), `${'N'.repeat(61)}…`)
    assert.equal(cutName('አ'.repeat(22)), `${'አ'.repeat(20)}…`)
    fc.assert(
      fc.property(anyName, name => {
        const whole = cutName(name, 10_000)
        const cut = cutName(name)
        assert.ok(bytesOf(cut) <= 64)
        if (cut === whole) return
        assert.ok(bytesOf(whole) > 64 && cut.endsWith('…'))
        const kept = graphemesOf(cut.slice(0, -1))
        assert.deepEqual(graphemesOf(whole).slice(0, kept.length), kept)
      }),
    )
  })

  it('is cut inside a grapheme only when that alone is too long', () => {
    const stacked = `a${'\u0316'.repeat(60)}`
    const cut = cutName(stacked)
    assert.ok(bytesOf(cut) <= 64 && cut.isWellFormed())
    assert.equal(cut, `a${'\u0316'.repeat(30)}…`)
  })

  it('is composed text on one line, without what would disguise it', () => {
    assert.equal(cutName('  Jose\u0301\r\n  Maria\u2028X\t'), 'José Maria X')
    assert.equal(cutName('Ann\u202egnp.exe'), 'Ann gnp.exe')
    assert.equal(cutName('A\ud800'), 'A\ufffd')
  })

  it('keeps the joiners that scripts need', () => {
    const name = 'می\u200cخواهم क्\u200dष'
    assert.equal(cutName(name), name.normalize('NFC'))
  })
})
