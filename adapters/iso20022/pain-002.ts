import type { PaymentReportReader } from '#core/ports/payments.ts'
import { explainReason } from './reasons.ts'
import { type ReportItem, readStatusReport } from './status-report.ts'
import { createXmlScanner, XML_LIMITS, type XmlLimits, type XmlScanner } from './xml-scanner.ts'

export const PAIN_002 = 'urn:iso:std:iso:20022:tech:xsd:pain.002.001.10'

/** The parser gets the file in pieces of at most this many bytes, however large a chunk is. */
const PIECE = 1 << 16

/**
 * Reads customer payment status reports (ISO 20022 `pain.002.001.10`). Elements it does not know are passed
 * over; an element that may stand once but stands twice makes the report ambiguous and is refused.
 */
export const createPain002Reader = (limits: XmlLimits = XML_LIMITS): PaymentReportReader => ({
  explain: explainReason,
  async *read(bytes) {
    const items: ReportItem[] = []
    const events = readStatusReport({
      emit: item => items.push(item),
      line: () => scanner.line(),
      fail: detail => scanner.fail('invalid', 'report', detail),
    })
    const scanner: XmlScanner = createXmlScanner(PAIN_002, events, limits)

    for await (const chunk of bytes) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        scanner.write(chunk.subarray(at, at + PIECE))
        for (const item of items) yield item
        items.length = 0
      }
    }
    scanner.end()
  },
})
