/*
 * The part of a `pain.002.001.10` message that is acted on, as a tree of elements, and what each of them does
 * to the report that is being read. What is not in the tree is passed over with all it contains.
 */
import { type DomainError, parseAmount } from '#core/kernel/index.ts'
import type { GroupReport, TransactionReport } from '#core/ports/payments.ts'
import { statusOf } from './reasons.ts'
import type { Attributes, XmlEvents } from './xml-scanner.ts'

export type ReportItem = GroupReport | TransactionReport

/** Where what a report says goes, and where in the file it was read. */
export type ReportSink = {
  emit: (item: ReportItem) => void
  line: () => number
  fail: (detail: string) => DomainError
}

type Field =
  | 'reportId'
  | 'messageId'
  | 'groupId'
  | 'endToEndId'
  | 'instructionId'
  | 'status'
  | 'reasonCode'
  | 'reasonText'
  | 'amount'
  | 'currency'

/** What was read so far about one level: header, file, group or transaction. What it lacks, its parent may have. */
type Draft = { parent: Draft | undefined; line: number; announced?: boolean } & {
  [field in Field]?: string | undefined
}

type Report = ReportSink & { draft: Draft }

type Element = {
  children?: ReadonlyMap<string, Element>
  open?(report: Report, attributes: Attributes): void
  /** Only what holds text has this. The text is trimmed and not empty. */
  value?(report: Report, text: string): void
  close?(report: Report): void
}

/** No element of interest may be longer (the longest by schema, AddtlInf, has 105 characters). */
const VALUE_LENGTH = 1_000
/** How much of the bank's own words is kept. */
const REASON_LENGTH = 500

/** Tells `sink` what a message says while the scanner walks through it. */
export const readStatusReport = (sink: ReportSink): XmlEvents => {
  const report: Report = { ...sink, draft: { parent: undefined, line: 1 } }
  const outside: (Element | undefined)[] = []
  let element: Element | undefined = FILE
  let value = ''

  return {
    open: (name, attributes) => {
      if (element?.value) throw report.fail('An element stands where only text is allowed.')
      outside.push(element)
      element = element?.children?.get(name)
      value = ''
      element?.open?.(report, attributes)
    },
    text: run => {
      if (!element?.value) return
      value += run
      if (value.length > VALUE_LENGTH) throw report.fail('A text is far longer than the message allows.')
    },
    close: () => {
      if (element?.value && value.trim() !== '') element.value(report, value.trim())
      element?.close?.(report)
      element = outside.pop()
    },
  }
}

const parts = (children: Record<string, Element>): Element => ({
  children: new Map(Object.entries(children)),
})

/** An element that may stand once: a second one would make it a guess which of them holds. */
const once = (field: Field): Element => ({
  value: (report, text) => {
    if (report.draft[field] !== undefined)
      throw report.fail(`The report gives two values where one is allowed: ${field}.`)
    report.draft[field] = text
  },
})

/** Reasons may be several: the first code is the one explained, the words of all are kept up to a length. */
const reasonCode: Element = {
  value: ({ draft }, text) => {
    draft.reasonCode ??= text
  },
}
const reasonText: Element = {
  value: ({ draft }, text) => {
    draft.reasonText = (draft.reasonText === undefined ? text : `${draft.reasonText} ${text}`).slice(
      0,
      REASON_LENGTH,
    )
  },
}
const reason = parts({ Rsn: parts({ Cd: reasonCode, Prtry: reasonCode }), AddtlInf: reasonText })

/** The value on this level, else on the nearest around it. */
const inherited = (draft: Draft | undefined, field: Field): string | undefined =>
  draft && (draft[field] ?? inherited(draft.parent, field))

const required = (report: Report, field: Field, element: string): string => {
  const value = inherited(report.draft, field)
  if (value === undefined) throw report.fail(`The report has no ${element}.`)
  return value
}
const reportIdOf = (report: Report) => required(report, 'reportId', 'GrpHdr/MsgId')
const messageIdOf = (report: Report) => required(report, 'messageId', 'OrgnlGrpInfAndSts/OrgnlMsgId')

/** The nearest status, with the reasons given from this level up to that of the status, and no further. */
const outcomeOf = (draft: Draft) => {
  let level: Draft | undefined = draft
  let { reasonCode, reasonText } = draft
  while (level !== undefined && level.status === undefined) {
    level = level.parent
    reasonCode ??= level?.reasonCode
    reasonText ??= level?.reasonText
  }
  return { status: statusOf(level?.status), nativeStatus: level?.status, reasonCode, reasonText }
}

/** Banks may write more decimals than a currency has, as long as they are zeros. */
const amountOf = ({ draft: { amount, currency }, fail }: Report): bigint | undefined => {
  if (amount === undefined) return undefined
  if (currency === undefined) throw fail('An amount has no currency.')
  try {
    return parseAmount(amount.replace(/(?:\.|(\.\d*[1-9]))0*$/, '$1'), currency, '/amount')
  } catch {
    throw fail('An amount is not one that its currency can have.')
  }
}

const enter = (report: Report) => {
  report.draft = { parent: report.draft, line: report.line() }
}
const leave = (report: Report) => {
  report.draft = report.draft.parent!
}

const emitGroup = (report: Report) =>
  report.emit({
    kind: 'group',
    reportId: reportIdOf(report),
    messageId: messageIdOf(report),
    groupId: report.draft.groupId,
    ...outcomeOf(report.draft),
  })

const emitTransaction = (report: Report) => {
  const { endToEndId, instructionId, currency, line } = report.draft
  const amountMinor = amountOf(report)
  report.emit({
    kind: 'transaction',
    endToEndId,
    instructionId,
    ...outcomeOf(report.draft),
    amountMinor,
    currency,
    line,
  })
}

/** Says once what holds for a whole group: before its transactions, for they build on it. */
const announceGroup = (report: Report) => {
  if (report.draft.announced || report.draft.status === undefined) return
  report.draft.announced = true
  emitGroup(report)
}

const TRANSACTION: Element = {
  ...parts({
    OrgnlInstrId: once('instructionId'),
    OrgnlEndToEndId: once('endToEndId'),
    TxSts: once('status'),
    StsRsnInf: reason,
    OrgnlTxRef: parts({
      Amt: parts({
        InstdAmt: {
          ...once('amount'),
          open: ({ draft }, attributes) => {
            draft.currency = attributes.Ccy?.value
          },
        },
      }),
    }),
  }),
  open: report => {
    announceGroup(report)
    enter(report)
  },
  close: report => {
    emitTransaction(report)
    leave(report)
  },
}

const GROUP: Element = {
  ...parts({
    OrgnlPmtInfId: once('groupId'),
    PmtInfSts: once('status'),
    StsRsnInf: reason,
    TxInfAndSts: TRANSACTION,
  }),
  open: report => {
    messageIdOf(report)
    enter(report)
  },
  close: report => {
    announceGroup(report)
    leave(report)
  },
}

/** Its level is never left: all groups are within the file it speaks of. */
const ORIGINAL_FILE: Element = {
  ...parts({ OrgnlMsgId: once('messageId'), GrpSts: once('status'), StsRsnInf: reason }),
  open: report => {
    if (report.draft.parent) throw report.fail('The report is about more than one file.')
    enter(report)
  },
  close: emitGroup,
}

const FILE = parts({
  Document: {
    ...parts({
      CstmrPmtStsRpt: parts({
        GrpHdr: parts({ MsgId: once('reportId') }),
        OrgnlGrpInfAndSts: ORIGINAL_FILE,
        OrgnlPmtInfAndSts: GROUP,
      }),
    }),
    close: messageIdOf,
  },
})
