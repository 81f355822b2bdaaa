import type { PaymentFileWriter, PaymentReportReader } from '#core/ports/payments.ts'
import type { Manifest } from '#core/ports/plugin.ts'
import { createPain001Writer } from './pain-001.ts'
import { createPain002Reader } from './pain-002.ts'

/** Banks reached by ISO 20022 files: instructions out, status reports in. How files travel is not its concern. */
export const manifest: Manifest = {
  id: 'iso20022',
  version: '1.0.0',
  contract: '1.0',
  kind: 'payment_adapter',
  capabilities: ['payment_file', 'payment_report'],
  dialects: ['pain.001.001.09', 'pain.002.001.10'],
  configuration: {
    type: 'object',
    additionalProperties: false,
    properties: {
      transactionsPerGroup: {
        type: 'integer',
        minimum: 1,
        maximum: 20_000,
        default: 1_000,
        title: 'Payments in one PmtInf block',
        description: 'Must stay the same while reports on files already sent are awaited.',
      },
    },
  },
  secrets: { type: 'object', additionalProperties: false },
  limits: {},
  personalData: ['name', 'account', 'phone', 'amount'],
}

export type Iso20022Configuration = { transactionsPerGroup?: number | undefined }

/** The adapter for one bank. */
export const createIso20022 = ({
  transactionsPerGroup = 1_000,
}: Iso20022Configuration = {}): {
  writer: PaymentFileWriter
  reader: PaymentReportReader
} => ({ writer: createPain001Writer({ transactionsPerGroup }), reader: createPain002Reader() })
