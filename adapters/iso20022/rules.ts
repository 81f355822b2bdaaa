import { type Issue, MAX_MINOR } from '#core/kernel/index.ts'
import type { PayableAccount, PaymentFileHeader, PaymentInstruction } from '#core/ports/payments.ts'
import { isIdentifier, printable } from './text.ts'

/** Max140Text: names of parties and unstructured remittance information. */
export const NAME_LENGTH = 140
export const REMITTANCE_LENGTH = 140

/** BICFIDec2014Identifier. */
export const isBic = (code: string) => /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(code)

/** An account number as the file has it: an IBAN loses the spaces people write it with. */
export const accountNumber = (account: PayableAccount): string =>
  account.kind === 'iban' ? account.value.replaceAll(' ', '').toUpperCase() : account.value

/** What a number of each kind looks like, and how to say so. Whether the account exists only the bank knows. */
const ACCOUNT: Record<PayableAccount['kind'], { pattern: RegExp; detail: string }> = {
  iban: {
    pattern: /^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/,
    detail: 'An IBAN begins with a country code and two check digits, such as GB33BUKB20201555555555.',
  },
  bank_account: {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9 ./-]{0,32}[A-Za-z0-9])?$/,
    detail: 'An account number has 1 to 34 letters, digits, spaces, dots, slashes and hyphens.',
  },
  mobile_wallet: {
    pattern: /^\+[1-9]\d{6,14}$/,
    detail: 'A mobile wallet is a phone number in international form, such as +256772123456.',
  },
}

const issue = (pointer: string, code: string, detail: string): Issue => ({ pointer, code, detail })

const accountIssues = (account: PayableAccount, pointer: string): Issue[] => {
  const { pattern, detail } = ACCOUNT[account.kind]
  return pattern.test(accountNumber(account)) ? [] : [issue(pointer, 'account', detail)]
}

const bankCodeIssues = (code: string | undefined, pointer: string): Issue[] =>
  code === undefined || /^[A-Za-z0-9]{1,35}$/.test(code)
    ? []
    : [issue(pointer, 'bank_code', 'A bank code has 1 to 35 letters and digits.')]

const identifierIssues = (text: string, pointer: string): Issue[] =>
  isIdentifier(text)
    ? []
    : [
        issue(
          pointer,
          'identifier',
          "It has 1 to 35 letters, digits and / - ? : ( ) . , ' +, without a slash at either end or two in a row.",
        ),
      ]

const nameIssues = (name: string, pointer: string): Issue[] =>
  printable(name, NAME_LENGTH) === ''
    ? [issue(pointer, 'name', 'A name has at least one visible character.')]
    : []

const currencyIssues = (currency: string, pointer: string): Issue[] =>
  /^[A-Z]{3}$/.test(currency)
    ? []
    : [issue(pointer, 'currency', 'A currency is three capital letters (ISO 4217), such as KES.')]

/** What keeps an instruction out of a file; see `PaymentFileWriter.check`. */
export const checkInstruction = (instruction: PaymentInstruction): Issue[] => {
  const { endToEndId, amountMinor, currency, creditor } = instruction
  const issues = identifierIssues(endToEndId, '/endToEndId')
  if (amountMinor <= 0n || amountMinor > MAX_MINOR)
    issues.push(issue('/amountMinor', 'amount', 'An amount is more than zero and at most 10^15 minor units.'))
  issues.push(
    ...currencyIssues(currency, '/currency'),
    ...nameIssues(creditor.name, '/creditor/name'),
    ...accountIssues(creditor.account, '/creditor/account/value'),
    ...bankCodeIssues(creditor.account.bankCode, '/creditor/account/bankCode'),
  )
  return issues
}

const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text)

/** What is wrong with a header. `lastGroup` is the longest id that a group of the file will have. */
export const checkHeader = (header: PaymentFileHeader, lastGroup: string): Issue[] => {
  const { messageId, created, requestedExecutionDate, debtor, currency, count, totalMinor } = header
  const issues = identifierIssues(messageId, '/messageId')
  if (lastGroup.length > 35)
    issues.push(
      issue('/messageId', 'identifier', `It is too long: with the number of a group it makes ${lastGroup}.`),
    )
  if (Number.isNaN(created.getTime())) issues.push(issue('/created', 'instant', 'It is not a point in time.'))
  if (!isDay(requestedExecutionDate))
    issues.push(issue('/requestedExecutionDate', 'day', 'A day is written as 2027-01-31.'))
  if (!Number.isSafeInteger(count) || count < 1)
    issues.push(issue('/count', 'count', 'A file has at least one instruction.'))
  // DecimalNumber has 18 digits.
  if (totalMinor <= 0n || totalMinor >= 10n ** 18n)
    issues.push(issue('/totalMinor', 'amount', 'A total is more than zero and has at most 18 digits.'))
  issues.push(
    ...currencyIssues(currency, '/currency'),
    ...nameIssues(debtor.name, '/debtor/name'),
    ...accountIssues(debtor.account, '/debtor/account/value'),
    ...bankCodeIssues(debtor.agent, '/debtor/agent'),
  )
  return issues
}
