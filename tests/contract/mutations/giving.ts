import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { Step, World } from './walk.ts'

const PROGRAM = {
  code: 'MUT',
  name: 'Mutable',
  target: 'group',
  currency: 'ETB',
  fund: 'MU-FUND',
  rules: ['true'],
  components: [
    { code: 'CASH', kind: 'cash', amount: '100.00' },
    { code: 'OIL', kind: 'in_kind', item: 'OIL', quantity: 3 },
  ],
}
const { code: _code, ...terms } = PROGRAM

const program = (does: string, body?: object): Step => ({
  does,
  at: { code: 'MUT' },
  ...(body ? { body } : {}),
})
const cycle = (does: string, body?: object, as?: 'checker'): Step => ({
  does,
  at: { reference: 'cycle' },
  ...(body ? { body } : {}),
  ...(as ? { as } : {}),
})
const open = (code: string): Step => ({
  ...program('openCycle', { code, name: code, validFrom: '2020-01-01', validUntil: '2099-12-31' }),
  keep: (names, answer) => {
    names.cycle = answer.reference!
  },
})

const first = async ({ g, tokens }: World, path: string) =>
  (await g.call('GET', `/api/v1/${path}`, { token: tokens.maker })).body.items[0].reference as string

/** Programs, enrolments and cycles. */
export const giving: readonly Step[] = [
  { does: 'createProgram', body: PROGRAM },
  program('activateProgram'),
  program('updateProgram', { ...terms, name: 'Changed', rules: ['members.size() > 0'] }),
  {
    ...program('enrolEligible', {}),
    keep: () => {},
  },
  {
    does: 'changeEnrolment',
    at: { reference: 'enrolment' },
    body: { to: 'suspended', reason: 'Moved away' },
    first: async world => {
      world.names.enrolment = await first(world, 'programs/MUT/enrolments')
    },
  },
  { does: 'changeEnrolment', at: { reference: 'enrolment' }, body: { to: 'enrolled' } },
  { does: 'changeEnrolment', at: { reference: 'enrolment' }, body: { to: 'exited', reason: 'moved' } },
  {
    ...program('enrolRegistrant'),
    first: async world => {
      const { body } = await world.g.call('GET', '/api/v1/programs/MUT/enrolments?status=exited', {
        token: world.tokens.maker,
      })
      world.names.group = body.items[0].registrant
    },
    body: ({ names }: World) => ({ registrant: names.group }),
  },
  open('C1'),
  cycle('prepareCycle', {}),
  cycle('cancelCycle', { comment: 'A mistake' }),
  open('C2'),
  cycle('prepareCycle', {}),
  cycle('submitCycle', {}),
  cycle('returnCycle', { comment: 'Look again' }, 'checker'),
  cycle('prepareCycle', {}),
  cycle('submitCycle', {}),
  cycle('approveCycle', undefined, 'checker'),
]

const DEBTOR = { name: 'Ministry', account: { kind: 'bank_account', value: '9900001' }, agent: 'JOBKXXAA' }

/** Waits for the cards that an approved cycle gets by itself, and takes one for goods. */
const card = async (world: World) => {
  for (let tries = 0; tries < 200; tries++) {
    const { body } = await world.g.call('GET', `/api/v1/credentials?cycle=${world.names.cycle}`, {
      token: world.tokens.maker,
    })
    for (const { reference, entitlement } of body.items) {
      const due = await world.g.call('GET', `/api/v1/entitlements/${entitlement}`, {
        token: world.tokens.maker,
      })
      if (due.body.kind !== 'in_kind') continue
      world.names.credential = reference
      return
    }
    await pause(50)
  }
}
const filled = async ({ g, names, tokens }: World) => {
  const { body } = await g.call('GET', `/api/v1/payment-batches/${names.batch}`, { token: tokens.maker })
  await g.job(body.job)
}
const make: Step = {
  first: card,
  ...cycle('createPaymentBatch', { debtor: DEBTOR }),
  keep: (names, answer) => {
    names.batch = answer.reference!
  },
}
const batch = (does: string, as?: 'checker'): Step => ({
  does,
  at: { reference: 'batch' },
  ...(as ? { as } : {}),
  first: filled,
})

/** What a bank answers: everything is paid but the first. */
const answer = async ({ g, names, tokens }: World) => {
  const file: string = (
    await g.call('GET', `/api/v1/payment-batches/${names.batch}/file`, { token: tokens.maker })
  ).body
  const message = /<MsgId>(.*?)<\/MsgId>/.exec(file)![1]
  const ids = [...file.matchAll(/<EndToEndId>(.*?)<\/EndToEndId>/g)].map(m => m[1]!)
  assert.ok(ids.length > 1)
  const lines = [
    ...ids.map((id, i) =>
      i === 0
        ? `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf></TxInfAndSts>`
        : `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>`,
    ),
    '<TxInfAndSts><OrgnlEndToEndId>NOBODY</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>',
  ]
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R-${message}</MsgId><CreDtTm>2026-01-01T00:00:00Z</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>${message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>P</OrgnlPmtInfId>${lines.join('')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`
}

/** Payments of what was approved. */
export const paying: readonly Step[] = [
  make,
  batch('cancelPaymentBatch'),
  make,
  batch('submitPaymentBatch'),
  batch('approvePaymentBatch', 'checker'),
  batch('sendPaymentBatch'),
  { does: 'receivePaymentReport', first: filled, file: { type: 'application/xml', text: answer } },
  {
    does: 'resolvePaymentReviewItem',
    as: 'checker',
    at: { reference: 'review' },
    body: { comment: 'Not ours' },
    first: async world => {
      world.names.review = await first(world, 'payment-review-items')
    },
  },
  {
    does: 'retryPaymentBatch',
    at: { reference: 'batch' },
    body: {},
    keep: (names, answer) => {
      names.batch = answer.reference!
    },
  },
  batch('cancelPaymentBatch'),
]

const credential = (does: string, reason: string): Step => ({
  does,
  at: { reference: 'credential' },
  body: { reason },
  first: card,
})

/** Cards, and what is handed over against them. */
export const handingOver: readonly Step[] = [
  { does: 'issueCredentials', body: ({ names }: World) => ({ cycle: names.cycle }) },
  credential('suspendCredential', 'Lost'),
  { ...credential('restoreCredential', 'Found'), first: async () => {} },
  { ...credential('reissueCredential', 'Worn out'), first: async () => {} },
  credential('revokeCredential', 'Stolen'),
  cycle('closeCycle'),
  program('endProgram'),
]
