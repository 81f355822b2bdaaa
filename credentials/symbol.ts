import qrcode from 'qrcode'
import { ruleViolated } from '#core/kernel/index.ts'

/** Alphanumeric characters that a symbol of version 1, 2, … holds at level M (ISO/IEC 18004, table 7). */
const CAPACITY = [20, 38, 61, 90, 122, 154, 178, 221, 262, 311, 366, 419, 483]

/** Largest versions: phones read 10 where 16 fails already; identity cards carry more and are held closer. */
export const MAX_VERSION = { entitlement: 10, card: CAPACITY.length } as const

/** The smallest QR version that holds a text at level M. Throws `rule_violated` (`qr-too-large`) beyond `max`. */
export const versionFor = (text: string, max: number): number => {
  const version = CAPACITY.findIndex(capacity => text.length <= capacity) + 1
  if (version > 0 && version <= max) return version
  throw ruleViolated(
    'qr-too-large',
    `The credential takes ${text.length} characters; a QR code that phones can read holds ${CAPACITY[max - 1]}.`,
  )
}

/** A QR symbol: `size` modules a side, row by row, 1 is dark. */
export type QrSymbol = { size: number; modules: Uint8Array }

/**
 * The symbol of a Base45 text at level M. Mode, version and mask are given rather than searched for: that takes
 * a twentieth of the time, and any mask does for signed bytes, which look random.
 */
export const symbolOf = (text: string): QrSymbol => {
  const { modules } = qrcode.create([{ data: text, mode: 'alphanumeric' }], {
    version: versionFor(text, MAX_VERSION.card),
    errorCorrectionLevel: 'M',
    maskPattern: 0,
  })
  return { size: modules.size, modules: modules.data }
}
