import { ENTITLEMENT_MAX, UNPRINTABLE } from './verify/index.ts'

const ELLIPSIS = '…'
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const unprintable = new RegExp(UNPRINTABLE, 'gu')

const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8')

const takeWhileFits = (parts: Iterable<string>, room: number) => {
  let taken = ''
  for (const part of parts) {
    room -= bytesOf(part)
    if (room < 0) break
    taken += part
  }
  return taken
}

/**
 * A name as a credential carries it: composed (NFC), on one line, at most `maxBytes` of UTF-8. A longer one
 * is cut between graphemes, so that no letter loses its marks, and ends in an ellipsis; only where a single
 * grapheme is too long is it cut between code points.
 */
export const cutName = (name: string, maxBytes: number = ENTITLEMENT_MAX.nameBytes): string => {
  const plain = name.toWellFormed().normalize('NFC').replace(unprintable, ' ').replace(/ {2,}/g, ' ').trim()
  if (bytesOf(plain) <= maxBytes) return plain
  const room = maxBytes - bytesOf(ELLIPSIS)
  const whole = takeWhileFits(
    Iterator.from(graphemes.segment(plain)).map(s => s.segment),
    room,
  )
  return (whole || takeWhileFits(plain, room)).trimEnd() + ELLIPSIS
}
