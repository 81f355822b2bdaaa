/**
 * Fields of people that a role can be shown only in part. `identifier`: numbers of documents; `contact`: phones,
 * emails and addresses; `account`: where money goes; `birth`: the day and month of birth; `name`: all but initials.
 */
export const MASKABLE = ['identifier', 'contact', 'account', 'birth', 'name'] as const
export type Maskable = (typeof MASKABLE)[number]

/** What the predefined roles see only in part: what their work does not need. */
export const ROLE_MASKS: Record<string, readonly Maskable[]> = {
  'system-administrator': MASKABLE,
  'program-manager': ['identifier', 'account'],
  'targeting-officer': ['identifier', 'contact', 'account'],
  validator: ['identifier', 'account'],
  'cycle-approver': ['identifier', 'contact', 'account', 'birth'],
  'payment-approver': ['identifier', 'contact', 'account', 'birth'],
  'distribution-agent': ['identifier', 'contact', 'account', 'birth'],
  'grievance-officer': ['identifier', 'account'],
  'grievance-supervisor': ['account'],
}
