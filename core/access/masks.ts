/** Fields of people that a role can be shown only in part, and what each of them is. */
export const MASK_MEANINGS = {
  identifier: 'Numbers of identity documents',
  contact: 'Phones, emails and addresses',
  account: 'Where money goes: bank accounts and wallets',
  birth: 'The day and month of birth',
  name: 'All of a name but its initials',
} as const
export type Maskable = keyof typeof MASK_MEANINGS
export const MASKABLE = Object.keys(MASK_MEANINGS) as readonly Maskable[]

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
