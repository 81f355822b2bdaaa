/**
 * What may be done, as `resource:action`, and what that is in plain words. Every operation of the API names one
 * (`x-permission`), and every use case asks for it again.
 */
export const MEANINGS = {
  'area:read': 'See the areas of the country',
  'area:write': 'Add and change areas',
  'registrant:read': 'See individuals and groups',
  'registrant:write': 'Register individuals and groups, and change them',
  'attribute:write': 'Define what else is recorded of individuals and groups',
  'import:read': 'See imports and what was wrong with their rows',
  'import:write': 'Import files of people, and undo an import',
  'program:read': 'See programs and their rules',
  'program:write': 'Make and change programs, start and end them',
  'rule:evaluate': 'Try out eligibility rules, and ask why somebody is eligible or not',
  'enrolment:read': 'See who is enrolled in programs',
  'enrolment:write': 'Enrol people, suspend them and let them go',
  'fund:read': 'See funds and what is left of them',
  'fund:write': 'Open funds and put money in',
  'cycle:read': 'See the cycles of programs',
  'cycle:prepare': 'Prepare cycles and submit them',
  'cycle:approve': 'Approve cycles that somebody else prepared',
  'entitlement:read': 'See what people are entitled to',
  'payment:read': 'See payments and their batches',
  'payment:write': 'Make payment batches, submit and send them, and take in their reports',
  'payment:approve': 'Approve payment batches that somebody else made',
  'inventory:read': 'See items, places and stock',
  'inventory:write': 'Define items and places, and move stock',
  'credential:read': 'See credentials and their status',
  'credential:issue': 'Issue credentials',
  'credential:revoke': 'Suspend, replace and revoke credentials',
  'verification:perform': 'Verify credentials that people show',
  'redemption:read': 'See what was handed out',
  'redemption:perform': 'Hand out what people are entitled to',
  'job:read': 'See work in the background',
  'job:cancel': 'Stop work in the background',
  'user:read': 'See users and what they are granted',
  'user:write': 'Add, change and disable users, and grant them roles',
  'role:read': 'See roles',
  'role:write': 'Make, change and remove custom roles',
  'client:read': 'See API clients and what they are granted',
  'client:write': 'Add, change and disable API clients, and grant them roles',
  'identity-provider:read': 'See which identity providers sign users in',
  'identity-provider:write': 'Set up the identity providers that sign users in',
  'approval:read': 'See what waits for approval and what was decided',
  'approval:comment': 'Say something about what waits for approval',
  'approval:decide': 'Approve, return and reject what waits for oneself',
  'approval:bypass': 'Approve in an emergency past the policy; it is reviewed afterwards',
  'approval:review': 'Review what was approved past the policy',
  'approval:configure': 'Set up approval policies and freeze periods',
  'message:read': 'Read the messages to other systems',
  'history:read': 'See anything as it was on a date, and who changed what',
  'audit:read': 'Search the audit trail',
  'audit:export': 'Export the audit trail',
} as const
export type Permission = keyof typeof MEANINGS
export const PERMISSIONS = Object.keys(MEANINGS) as readonly Permission[]

/** Two sides of one decision: somebody who holds both could check what they made themselves. */
export const FOUR_EYES: readonly (readonly [maker: Permission, checker: Permission])[] = [
  ['cycle:prepare', 'cycle:approve'],
  ['payment:write', 'payment:approve'],
]

/** What decides who may do what: with one of these somebody could give the rest. */
export const ADMINISTERING: readonly Permission[] = [
  'user:write',
  'role:write',
  'client:write',
  'identity-provider:write',
]
