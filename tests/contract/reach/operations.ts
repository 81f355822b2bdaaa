import type { Names } from './world.ts'

/** A request for what has certain names. `undefined` where a place has no such thing. */
export type Request = { path: string; body?: unknown; raw?: string; type?: string }

/**
 * How one operation is asked for things by name. `thing`: the names it takes, in its path, query or body; asked for what
 * is out of reach it must answer as for what does not exist. `list`: it shows many things, of which none may be out of
 * reach. `everywhere`: it works on all areas and programs, and is refused to who has some. `own`: it shows what is the
 * caller's own, or belongs to no area and no program, and why.
 */
export type Asked =
  | { thing: (keyof Names)[]; ask: (names: Required<Names>) => Request }
  | { list: string }
  | { everywhere: (names: Required<Names>) => Request }
  | { own: string }

const to =
  (path: (n: Required<Names>) => string, body?: (n: Required<Names>) => unknown) => (n: Required<Names>) => ({
    path: `/api/v1/${path(n)}`,
    ...(body ? { body: body(n) } : {}),
  })
const named = (name: keyof Names, path: (value: string) => string, body?: unknown): Asked => ({
  thing: [name],
  ask: to(n => path(n[name]), body === undefined ? undefined : () => body),
})
const everywhere = (path: string, body?: unknown): Asked => ({
  everywhere: to(() => path, body === undefined ? undefined : () => body),
})
const list = (path: string): Asked => ({ list: `/api/v1/${path}` })

const COMMENT = { comment: 'Because of the test' }
const TERMS = {
  name: 'Mine',
  target: 'group',
  currency: 'KES',
  rules: ['true'],
  components: [{ code: 'FOOD', kind: 'in_kind', item: 'RICE', quantity: 2 }],
}
const POLICY = {
  name: 'Mine',
  rank: 1,
  tiers: [{ kind: 'decide', approvers: [{ role: 'cycle-approver' }], need: 1 }],
}
const DAYS = { validFrom: '2027-01-01', validUntil: '2027-12-31' }

export const areas: Record<string, Asked> = {
  listAreas: list('areas'),
  getArea: named('area', code => `areas/${code}`),
  updateArea: everywhere('areas/AA', { name: 'Mine now' }),
  createAreas: everywhere('areas', { areas: [{ code: 'XX', name: 'X' }] }),
  importAreas: {
    everywhere: () => ({ path: '/api/v1/areas/import', raw: 'Pcode,Name\nXX,X\n', type: 'text/csv' }),
  },
}

export const registry: Record<string, Asked> = {
  listRegistrants: list('registrants'),
  getRegistrant: named('group', ref => `registrants/${ref}`),
  listEnrolmentsOfRegistrant: named('group', ref => `registrants/${ref}/enrolments`),
  listAttributeDefinitions: { own: 'definitions belong to the whole installation' },
  createAttributeDefinition: everywhere('attribute-definitions', {
    kind: 'group',
    code: 'mine',
    type: 'string',
    label: 'Mine',
  }),
}

export const programs: Record<string, Asked> = {
  listPrograms: list('programs'),
  createProgram: everywhere('programs', { code: 'THREE', ...TERMS }),
  getProgram: named('program', code => `programs/${code}`),
  updateProgram: named('program', code => `programs/${code}`, {
    ...TERMS,
    name: 'Mine now',
  }),
  activateProgram: named('program', code => `programs/${code}/activate`),
  endProgram: named('program', code => `programs/${code}/end`),
  checkEligibility: named('program', code => `programs/${code}/eligibility-checks`, { rules: ['true'] }),
  checkDraftRules: { own: 'counts whom rules match within reach; names nobody' },
  explainEligibility: {
    thing: ['program', 'group'],
    ask: to(n => `programs/${n.program}/explanations/${n.group}`),
  },
  listEnrolments: named('program', code => `programs/${code}/enrolments`),
  enrolEligible: named('program', code => `programs/${code}/enrolments`, {}),
  countEnrolments: named('program', code => `programs/${code}/enrolment-counts`),
  previewEnrolment: named('program', code => `programs/${code}/enrolments/preview`),
  enrolRegistrant: {
    thing: ['program', 'group'],
    ask: to(
      n => `programs/${n.program}/enrolments/one`,
      n => ({ registrant: n.group }),
    ),
  },
  changeEnrolment: named('enrolment', ref => `enrolments/${ref}/status`, {
    to: 'suspended',
    reason: 'Asked for',
  }),
}

export const cycles: Record<string, Asked> = {
  listCycles: named('program', code => `programs/${code}/cycles`),
  listAllCycles: list('cycles'),
  openCycle: named('program', code => `programs/${code}/cycles`, { code: 'MINE', name: 'Mine', ...DAYS }),
  getCycle: named('cycle', ref => `cycles/${ref}`),
  prepareCycle: named('cycle', ref => `cycles/${ref}/prepare`, {}),
  submitCycle: named('cycle', ref => `cycles/${ref}/submit`, {}),
  approveCycle: named('cycle', ref => `cycles/${ref}/approve`),
  returnCycle: named('cycle', ref => `cycles/${ref}/return`, COMMENT),
  cancelCycle: named('cycle', ref => `cycles/${ref}/cancel`, COMMENT),
  closeCycle: named('cycle', ref => `cycles/${ref}/close`),
  getCycleDifference: named('cycle', ref => `cycles/${ref}/difference`),
  getCycleProgress: named('cycle', ref => `cycles/${ref}/progress`),
  listCycleDifferences: named('cycle', ref => `cycles/${ref}/differences?kind=new`),
  listEntitlements: named('cycle', ref => `cycles/${ref}/entitlements`),
  getEntitlement: named('entitlement', ref => `entitlements/${ref}`),
}

export const payments: Record<string, Asked> = {
  createPaymentBatch: named('cycle', ref => `cycles/${ref}/payment-batches`, {}),
  listPaymentBatches: list('payment-batches'),
  getPaymentBatch: named('batch', ref => `payment-batches/${ref}`),
  listPayments: named('batch', ref => `payment-batches/${ref}/payments`),
  listPaymentExceptions: named('batch', ref => `payment-batches/${ref}/exceptions`),
  submitPaymentBatch: named('batch', ref => `payment-batches/${ref}/submit`),
  approvePaymentBatch: named('batch', ref => `payment-batches/${ref}/approve`),
  cancelPaymentBatch: named('batch', ref => `payment-batches/${ref}/cancel`),
  sendPaymentBatch: named('batch', ref => `payment-batches/${ref}/send`),
  getPaymentFile: named('batch', ref => `payment-batches/${ref}/file`),
  getFailedPaymentsFile: named('batch', ref => `payment-batches/${ref}/failures/file`),
  getPaymentFailures: named('batch', ref => `payment-batches/${ref}/failures`),
  retryPaymentBatch: named('batch', ref => `payment-batches/${ref}/retries`, {}),
  listPaymentReports: list('payment-reports'),
  getPaymentReport: named('report', ref => `payment-reports/${ref}`),
  receivePaymentReport: { own: 'takes in a file; what it says of others is applied by their own rules' },
  listPaymentReviewItems: list('payment-review-items'),
  getPaymentReviewItem: named('review', ref => `payment-review-items/${ref}`),
  resolvePaymentReviewItem: named('review', ref => `payment-review-items/${ref}/resolve`, COMMENT),
}

export const funds: Record<string, Asked> = {
  listFunds: { own: 'funds belong to no area and no program' },
  getFund: { own: 'funds belong to no area and no program' },
  listFundMovements: { own: 'funds belong to no area and no program' },
  updateFund: everywhere('funds/WORLD-FUND', { name: 'Mine now' }),
  createFund: everywhere('funds', { code: 'MINE', name: 'Mine', currency: 'KES' }),
  allocateToFund: everywhere('funds/WORLD-FUND/allocations', { amount: '1.00' }),
}

export const inventory: Record<string, Asked> = {
  listItems: { own: 'the catalogue is one for all' },
  getItem: { own: 'the catalogue is one for all' },
  updateItem: everywhere('items/RICE', { name: 'Mine now' }),
  getLocation: named('point', code => `locations/${code}`),
  updateLocation: named('store', code => `locations/${code}`, { name: 'Mine now' }),
  createItem: everywhere('items', { code: 'MINE', name: 'Mine', unit: 'KGM' }),
  listLocations: list('locations'),
  createLocation: {
    thing: ['area'],
    ask: to(
      () => 'locations',
      n => ({ code: 'NEW', name: 'New', kind: 'warehouse', area: n.area }),
    ),
  },
  listStock: list('stock'),
  receiveStock: {
    thing: ['store'],
    ask: to(
      () => 'stock-receipts',
      n => ({ location: n.store, item: 'RICE', quantity: 1, reference: 'R-1' }),
    ),
  },
  transferStock: {
    thing: ['store', 'point'],
    ask: to(
      () => 'transfers',
      n => ({ from: n.store, to: n.point, item: 'RICE', quantity: 1, reference: 'T-1' }),
    ),
  },
}

export const credentials: Record<string, Asked> = {
  listCredentials: list('credentials'),
  issueCredentials: {
    thing: ['cycle'],
    ask: to(
      () => 'credentials',
      n => ({ cycle: n.cycle }),
    ),
  },
  getCredential: named('credential', ref => `credentials/${ref}`),
  getCredentialSvg: named('credential', ref => `credentials/${ref}/qr.svg`),
  getCredentialPng: named('credential', ref => `credentials/${ref}/qr.png`),
  revokeCredential: named('credential', ref => `credentials/${ref}/revoke`, { reason: 'lost' }),
  suspendCredential: named('credential', ref => `credentials/${ref}/suspend`, { reason: 'lost' }),
  restoreCredential: named('credential', ref => `credentials/${ref}/restore`, { reason: 'found' }),
  reissueCredential: named('credential', ref => `credentials/${ref}/reissue`, { reason: 'lost' }),
}

export const distribution: Record<string, Asked> = {
  verifyCredential: {
    own: 'asks what a card in the hand is worth; one served elsewhere shows nothing of its holder',
  },
  listRedemptions: list('redemptions'),
  redeemEntitlement: {
    thing: ['point'],
    ask: to(
      () => 'redemptions',
      n => ({ qr: 'NCF1:X', point: n.point }),
    ),
  },
}

export const imports: Record<string, Asked> = {
  uploadFile: { own: "is the caller's own from then on" },
  inspectFile: {
    thing: ['file'],
    ask: to(
      () => 'imports/inspections',
      n => ({ file: n.file }),
    ),
  },
  listImportFields: { own: 'fields belong to the whole installation' },
  getImportTemplate: { own: 'fields belong to the whole installation' },
  listImports: list('imports'),
  startImport: {
    thing: ['file'],
    ask: to(
      () => 'imports',
      n => ({ file: n.file }),
    ),
  },
  getImport: named('import', ref => `imports/${ref}`),
  listImportIssues: named('import', ref => `imports/${ref}/issues`),
  listImportIssueKinds: named('import', ref => `imports/${ref}/issue-kinds`),
  getImportBadRows: named('import', ref => `imports/${ref}/bad-rows`),
  retestImport: named('import', ref => `imports/${ref}/retest`, {}),
  submitImport: named('import', ref => `imports/${ref}/submit`),
  commitImport: named('import', ref => `imports/${ref}/commit`),
  undoImport: named('import', ref => `imports/${ref}/undo`),
  cancelImport: named('import', ref => `imports/${ref}/cancel`),
}

export const jobs: Record<string, Asked> = {
  listJobs: list('jobs'),
  getJob: named('job', ref => `jobs/${ref}`),
  cancelJob: named('job', ref => `jobs/${ref}/cancel`),
}

const PROVIDER = {
  name: 'Mine',
  clientId: 'annona',
  groupClaim: 'groups',
  mappings: [{ group: 'all', role: 'system-administrator' }],
}
const GRANTS = { grants: [{ role: 'auditor' }] }

export const access: Record<string, Asked> = {
  listUsers: everywhere('users'),
  createUser: everywhere('users', {
    username: 'mine',
    name: 'Mine',
    password: 'correct horse battery',
    ...GRANTS,
  }),
  getUser: everywhere('users/somebody'),
  updateUser: everywhere('users/somebody', { name: 'Mine now' }),
  replaceUserGrants: everywhere('users/somebody/grants', GRANTS),
  disableUser: everywhere('users/somebody/disable'),
  enableUser: everywhere('users/somebody/enable'),
  setTemporaryPassword: everywhere('users/somebody/password', { password: 'correct horse battery' }),
  resetSecondFactor: everywhere('users/somebody/second-factor'),
  listUserSessions: everywhere('users/somebody/sessions'),
  endUserSessions: everywhere('users/somebody/sessions'),
  endUserSession: everywhere('users/somebody/sessions/SE-00000-000000'),
  listIdentities: everywhere('users/somebody/identities'),
  linkIdentity: everywhere('users/somebody/identities', { provider: 'some', subject: '1' }),
  unlinkIdentity: everywhere('users/somebody/identities/some'),
  listPermissions: { own: 'permissions belong to the whole installation' },
  listRoles: { own: 'roles belong to the whole installation' },
  getRole: { own: 'roles belong to the whole installation' },
  createRole: everywhere('roles', { code: 'mine', name: 'Mine', permissions: ['area:read'] }),
  updateRole: everywhere('roles/some', { name: 'Mine', permissions: ['area:read'] }),
  deleteRole: everywhere('roles/some'),
  listClients: everywhere('clients'),
  createClient: everywhere('clients', { clientId: 'mine', name: 'Mine', grants: [] }),
  getClient: everywhere('clients/some'),
  updateClient: everywhere('clients/some', { name: 'Mine now' }),
  replaceClientGrants: everywhere('clients/some/grants', { grants: [] }),
  replaceClientKeys: everywhere('clients/some/keys', { keys: [] }),
  rotateClientSecret: everywhere('clients/some/secrets', {}),
  removeClientSecret: everywhere('clients/some/secrets/00000000-0000-7000-8000-000000000000'),
  revokeClientTokens: everywhere('clients/some/revoke-tokens'),
  disableClient: everywhere('clients/some/disable'),
  enableClient: everywhere('clients/some/enable'),
  listIdentityProviders: everywhere('identity-providers'),
  createIdentityProvider: everywhere('identity-providers', {
    code: 'mine',
    issuer: 'https://idp.example',
    clientSecret: 'secret-of-ours',
    ...PROVIDER,
  }),
  getIdentityProvider: everywhere('identity-providers/some'),
  updateIdentityProvider: everywhere('identity-providers/some', {
    scopes: ['openid'],
    usernameClaim: 'sub',
    makesAccounts: true,
    trustsEmail: false,
    state: 'active',
    ...PROVIDER,
  }),
}

export const approvals: Record<string, Asked> = {
  listApprovals: list('approvals'),
  countApprovals: { own: "counts the caller's own work" },
  getApproval: named('approval', ref => `approvals/${ref}`),
  decideApproval: named('approval', ref => `approvals/${ref}/decision`, { verdict: 'approve' }),
  withdrawApproval: named('approval', ref => `approvals/${ref}/withdraw`, COMMENT),
  commentApproval: named('approval', ref => `approvals/${ref}/comments`, COMMENT),
  acknowledgeApproval: named('approval', ref => `approvals/${ref}/acknowledge`),
  bypassApproval: named('approval', ref => `approvals/${ref}/bypass`, {
    reason: 'Because of the flood in the east',
  }),
  reviewApproval: named('approval', ref => `approvals/${ref}/review`, { finding: 'justified', ...COMMENT }),
  listApprovalBypasses: list('approval-bypasses'),
  previewApprovals: {
    thing: ['approval'],
    ask: to(
      () => 'approval-previews',
      n => ({ references: [n.approval] }),
    ),
  },
  decideApprovals: {
    thing: ['approval'],
    ask: to(
      () => 'approval-decisions',
      n => ({ references: [n.approval], etag: '0'.repeat(64), decision: { verdict: 'approve' } }),
    ),
  },
  listApprovalSubjects: { own: 'kinds belong to the whole installation' },
  listApprovalPolicies: { own: 'policies belong to the whole installation' },
  getApprovalPolicy: { own: 'policies belong to the whole installation' },
  createApprovalPolicy: everywhere('approval-policies', { code: 'MINE', subjectType: 'cycle', ...POLICY }),
  updateApprovalPolicy: everywhere('approval-policies/SOME', POLICY),
  activateApprovalPolicy: everywhere('approval-policies/SOME/activate'),
  archiveApprovalPolicy: everywhere('approval-policies/SOME/archive'),
  listApprovalDelegations: { own: "shows the caller's own" },
  createApprovalDelegation: { own: "is the caller's own" },
  revokeApprovalDelegation: { own: "ends the caller's own; another's is not found" },
  listApprovalFreezes: list('approval-freezes'),
  createApprovalFreeze: everywhere('approval-freezes', {
    from: '2098-01-01T00:00:00Z',
    until: '2098-01-02T00:00:00Z',
    reason: 'Mine',
  }),
  endApprovalFreeze: everywhere('approval-freezes/FZ-00000-000000/end'),
}

export const messages: Record<string, Asked> = {
  listMessages: list('messages?limit=200'),
  listNotifications: { own: "shows the caller's own" },
  readNotifications: { own: "is the caller's own; another's is no different from none" },
  streamEvents: { own: "tells of the caller's own" },
}

export const search: Record<string, Asked> = {
  searchEverything: list('search?q=Canary'),
}

export const signIn: Record<string, Asked> = {
  listSessions: { own: "shows the caller's own" },
  listOwnIdentities: { own: "shows the caller's own" },
  confirmIdentity: { own: "is the caller's own; another's is not found" },
  declineIdentity: { own: "is the caller's own; another's is not found" },
  getCurrentSession: { own: "shows the caller's own" },
  deleteCurrentSession: { own: "ends the caller's own" },
  endOtherSessions: { own: "ends the caller's own" },
  endSession: { own: "ends the caller's own; another's is not found" },
  changePassword: { own: "changes the caller's own" },
  getSecondFactor: { own: "shows the caller's own" },
  beginSecondFactor: { own: "changes the caller's own" },
  confirmSecondFactor: { own: "changes the caller's own" },
  removeSecondFactor: { own: "changes the caller's own" },
  renewRecoveryCodes: { own: "changes the caller's own" },
}

export const audit: Record<string, Asked> = {
  listAuditEntries: everywhere('audit-entries'),
  listAuditHeads: everywhere('audit-heads'),
  getAuditVocabulary: { own: 'words belong to the whole installation' },
  getAuditKeys: { own: 'public keys, of the whole installation' },
  getAuditEntry: everywhere('audit-entries/00000000-0000-7000-8000-000000000000'),
  exportAuditEntries: everywhere('audit-exports', { format: 'csv' }),
  getAuditExport: everywhere('audit-exports/JB-00000-000000'),
  getHistory: named('cycle', ref => `history/${ref}?at=2026-01-01T00:00:00Z`),
  listChanges: named('group', ref => `history/${ref}/changes`),
  listAccesses: named('group', ref => `registrants/${ref}/access-log`),
  getAuditProof: everywhere('audit-entries/00000000-0000-7000-8000-000000000000/proof'),
}
