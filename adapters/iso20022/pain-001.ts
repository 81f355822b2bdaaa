import { DomainError, formatMinor, type Issue, invalid } from '#core/kernel/index.ts'
import type {
  PayableAccount,
  PaymentFileHeader,
  PaymentFileWriter,
  PaymentInstruction,
} from '#core/ports/payments.ts'
import {
  accountNumber,
  checkHeader,
  checkInstruction,
  isBic,
  NAME_LENGTH,
  REMITTANCE_LENGTH,
} from './rules.ts'
import { escapeXml, printable } from './text.ts'

export const PAIN_001 = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'

/** About how many characters become one piece of the file. */
const PIECE = 1 << 15

type Options = {
  /**
   * Instructions in one `PmtInf`. Its count and sum stand before its instructions, so this many are held in
   * memory. Never changed while reports on older files are awaited: `groupId` depends on it.
   */
  transactionsPerGroup: number
}

/**
 * Writes customer credit transfer initiations (ISO 20022 `pain.001.001.09`), one currency and one debtor a
 * file. Optional elements that banks disagree about (charge bearer, batch booking, purpose) are left out: the
 * agreement with the bank decides them.
 */
export const createPain001Writer = ({ transactionsPerGroup }: Options): PaymentFileWriter => {
  const groupId = (messageId: string, position: number) =>
    `${messageId}-${Math.floor(position / transactionsPerGroup) + 1}`

  return {
    check: checkInstruction,
    groupId,
    async *write(header, instructions) {
      const issues = checkHeader(header, groupId(header.messageId, header.count - 1))
      if (issues.length > 0) throw invalid(issues)

      yield Buffer.from(opening(header))
      let group = newGroup()
      let count = 0
      let total = 0n
      for await (const instruction of instructions) {
        refuse(instructionIssues(instruction, header), count)
        addTo(group, instruction)
        total += instruction.amountMinor
        count += 1
        if (group.count < transactionsPerGroup) continue
        yield* closeGroup(group, groupId(header.messageId, count - 1), header)
        group = newGroup()
      }
      if (group.count > 0) yield* closeGroup(group, groupId(header.messageId, count - 1), header)
      assertControl(header, count, total)
      yield Buffer.from('</CstmrCdtTrfInitn></Document>\n')
    },
  }
}

const instructionIssues = (instruction: PaymentInstruction, header: PaymentFileHeader): Issue[] => {
  const issues = checkInstruction(instruction)
  if (instruction.currency !== header.currency)
    issues.push({
      pointer: '/currency',
      code: 'currency',
      detail: `This file is in ${header.currency}; another currency needs a file of its own.`,
    })
  return issues
}

const refuse = (issues: readonly Issue[], position: number) => {
  if (issues.length === 0) return
  throw invalid(issues.map(issue => ({ ...issue, pointer: `/instructions/${position}${issue.pointer}` })))
}

const assertControl = (header: PaymentFileHeader, count: number, total: bigint) => {
  if (count === header.count && total === header.totalMinor) return
  const sum = (minor: bigint) => `${formatMinor(minor, header.currency)} ${header.currency}`
  throw new DomainError(
    'rule_violated',
    `The file was announced with ${header.count} payments of ${sum(header.totalMinor)} together, ` +
      `but ${count} of ${sum(total)} came.`,
    { rule: 'control-total' },
  )
}

/** The instructions of one `PmtInf` as far as they are written: whole pieces, and the one being filled. */
type Group = { pieces: Buffer[]; text: string; count: number; total: bigint }

const newGroup = (): Group => ({ pieces: [], text: '', count: 0, total: 0n })

const addTo = (group: Group, instruction: PaymentInstruction) => {
  group.text += transaction(instruction)
  group.count += 1
  group.total += instruction.amountMinor
  if (group.text.length < PIECE) return
  group.pieces.push(Buffer.from(group.text))
  group.text = ''
}

function* closeGroup(group: Group, id: string, header: PaymentFileHeader) {
  yield Buffer.from(groupOpening(group, id, header))
  yield* group.pieces
  yield Buffer.from(`${group.text}</PmtInf>\n`)
}

const opening = ({ messageId, created, count, totalMinor, currency, debtor }: PaymentFileHeader) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="${PAIN_001}"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>${messageId}</MsgId><CreDtTm>${created.toISOString()}</CreDtTm>\
<NbOfTxs>${count}</NbOfTxs><CtrlSum>${formatMinor(totalMinor, currency)}</CtrlSum>\
<InitgPty>${name(debtor.name)}</InitgPty></GrpHdr>
`

const groupOpening = (
  group: Group,
  id: string,
  { requestedExecutionDate, debtor, currency }: PaymentFileHeader,
) =>
  `<PmtInf><PmtInfId>${id}</PmtInfId><PmtMtd>TRF</PmtMtd>\
<NbOfTxs>${group.count}</NbOfTxs><CtrlSum>${formatMinor(group.total, currency)}</CtrlSum>\
<ReqdExctnDt><Dt>${requestedExecutionDate}</Dt></ReqdExctnDt>\
<Dbtr>${name(debtor.name)}</Dbtr><DbtrAcct>${accountId(debtor.account)}</DbtrAcct>\
<DbtrAgt>${agent(debtor.agent)}</DbtrAgt>
`

const transaction = ({ endToEndId, amountMinor, currency, creditor, remittance }: PaymentInstruction) => {
  const { bankCode } = creditor.account
  const note = printable(remittance, REMITTANCE_LENGTH)
  return `<CdtTrfTxInf><PmtId><EndToEndId>${endToEndId}</EndToEndId></PmtId>\
<Amt><InstdAmt Ccy="${currency}">${formatMinor(amountMinor, currency)}</InstdAmt></Amt>\
${bankCode === undefined ? '' : `<CdtrAgt>${agent(bankCode)}</CdtrAgt>`}\
<Cdtr>${name(creditor.name)}</Cdtr><CdtrAcct>${accountId(creditor.account)}</CdtrAcct>\
${note === '' ? '' : `<RmtInf><Ustrd>${escapeXml(note)}</Ustrd></RmtInf>`}</CdtTrfTxInf>
`
}

const name = (text: string) => `<Nm>${escapeXml(printable(text, NAME_LENGTH))}</Nm>`

/** A BIC, else the bank's code in its national clearing system. */
const agent = (code: string) =>
  isBic(code)
    ? `<FinInstnId><BICFI>${code}</BICFI></FinInstnId>`
    : `<FinInstnId><ClrSysMmbId><MmbId>${code}</MmbId></ClrSysMmbId></FinInstnId>`

/** `BBAN` is in the external code list for national account numbers; for phone numbers the list has nothing. */
const SCHEME = { bank_account: '<Cd>BBAN</Cd>', mobile_wallet: '<Prtry>MSISDN</Prtry>' } as const

const accountId = (account: PayableAccount) => {
  const number = accountNumber(account)
  return account.kind === 'iban'
    ? `<Id><IBAN>${number}</IBAN></Id>`
    : `<Id><Othr><Id>${number}</Id><SchmeNm>${SCHEME[account.kind]}</SchmeNm></Othr></Id>`
}
