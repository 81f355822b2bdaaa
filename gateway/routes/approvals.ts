import { requirePermission } from '#core/access/index.ts'
import type {
  ApprovalSummary,
  Approvals,
  ApprovalView,
  Decision,
  Finding,
  InboxFilter,
  PolicyInput,
  PolicyView,
  Preview,
  Selection,
} from '#core/approvals/index.ts'
import { formatMinor } from '#core/kernel/index.ts'
import {
  type Call,
  created,
  expectedVersion,
  noContent,
  ok,
  page,
  paging,
  type Reply,
  type Routes,
} from './kit.ts'

type Deps = { approvals: Approvals }
type Period = { from: string; until: string; subjectTypes?: string[]; reason: string }

const referenceOf = ({ params }: Call) => params.reference!
const onBehalfOf = ({ query }: Call) => query.onBehalfOf as string | undefined
const comment = ({ body }: Call) => (body as { comment: string }).comment

/** What waits for whom, decisions, and emergencies. */
export const approvalRoutes = ({ approvals }: Deps): Routes => {
  /** What is done is answered with the request as it is then: who may not see that is refused before, not after. */
  const answering =
    (work: (call: Call) => Promise<unknown>, see: Approvals['get']) =>
    async (call: Call): Promise<Reply> => {
      requirePermission(call.ctx, 'approval:read')
      await work(call)
      return ok(presentApproval(await see(call.ctx, referenceOf(call))))
    }

  return {
    listApprovals: async ({ ctx, query }) =>
      page(await approvals.list(ctx, query as InboxFilter, paging(query)), presentSummary),
    countApprovals: async call => ok(await approvals.counts(call.ctx, onBehalfOf(call))),
    getApproval: async call =>
      ok(presentApproval(await approvals.get(call.ctx, referenceOf(call), onBehalfOf(call)))),

    decideApproval: answering(
      call => approvals.decide(call.ctx, referenceOf(call), call.body as Decision),
      approvals.getSigned,
    ),
    withdrawApproval: answering(
      call => approvals.withdraw(call.ctx, referenceOf(call), comment(call)),
      approvals.get,
    ),
    commentApproval: answering(
      call => approvals.comment(call.ctx, referenceOf(call), comment(call)),
      approvals.get,
    ),
    acknowledgeApproval: answering(call => approvals.acknowledge(call.ctx, referenceOf(call)), approvals.get),

    previewApprovals: async ({ ctx, body }) => {
      const { onBehalfOf: delegator, ...selection } = body as Selection & { onBehalfOf?: string }
      return ok(presentPreview(await approvals.preview(ctx, selection, delegator)))
    },
    decideApprovals: async ({ ctx, body }) => {
      const {
        etag,
        decision,
        onBehalfOf: delegator,
        ...selection
      } = body as Selection & {
        etag: string
        decision: Decision
        onBehalfOf?: string
      }
      return ok(await approvals.decideMany(ctx, selection, etag, { ...decision, onBehalfOf: delegator }))
    },

    bypassApproval: answering(
      call => approvals.bypass(call.ctx, referenceOf(call), (call.body as { reason: string }).reason),
      approvals.get,
    ),
    listApprovalBypasses: async ({ ctx, query }) =>
      ok({ items: await approvals.listBypasses(ctx, query as { open?: boolean }) }),
    reviewApproval: answering(call => {
      const { finding, comment: said } = call.body as { finding: Finding; comment: string }
      return approvals.review(call.ctx, referenceOf(call), finding, said)
    }, approvals.get),
    ...policyRoutes(approvals),
    ...absenceRoutes(approvals),
  }
}

/** Who has to agree to what. */
const policyRoutes = (approvals: Approvals): Routes => {
  const moved =
    (move: Approvals['activatePolicy']) =>
    async (call: Call): Promise<Reply> =>
      presentPolicy(await move(call.ctx, call.params.code!, expectedVersion(call)))

  return {
    listApprovalSubjects: async ({ ctx }) => ok({ items: await approvals.listSubjects(ctx) }),
    listApprovalPolicies: async ({ ctx }) => ok({ items: await approvals.listPolicies(ctx) }),
    createApprovalPolicy: async ({ ctx, body }) => {
      const policy = await approvals.createPolicy(ctx, body as PolicyInput)
      return created(`/api/v1/approval-policies/${policy.code}`, policy, policy.version)
    },
    getApprovalPolicy: async ({ ctx, params }) => presentPolicy(await approvals.getPolicy(ctx, params.code!)),
    updateApprovalPolicy: async call =>
      presentPolicy(
        await approvals.updatePolicy(
          call.ctx,
          call.params.code!,
          call.body as PolicyInput,
          expectedVersion(call),
        ),
      ),
    activateApprovalPolicy: moved(approvals.activatePolicy),
    archiveApprovalPolicy: moved(approvals.archivePolicy),
  }
}

/** When people are away, and when nothing is decided. */
const absenceRoutes = (approvals: Approvals): Routes => {
  const inTime = <T extends Period>({ from, until, ...more }: T) => ({
    ...more,
    from: new Date(from),
    until: new Date(until),
  })

  return {
    listApprovalDelegations: async ({ ctx }) => ok({ items: await approvals.listDelegations(ctx) }),
    createApprovalDelegation: async ({ ctx, body }) => {
      const made = await approvals.delegate(
        ctx,
        inTime(body as Period & { delegator?: string; deputy: string }),
      )
      return { status: 201, body: made }
    },
    revokeApprovalDelegation: async call => {
      await approvals.revokeDelegation(call.ctx, referenceOf(call))
      return noContent
    },
    listApprovalFreezes: async ({ ctx }) => ok({ items: await approvals.listFreezes(ctx) }),
    createApprovalFreeze: async ({ ctx, body }) => {
      const made = await approvals.freeze(ctx, inTime(body as Period & { programs?: string[] }))
      return { status: 201, body: made }
    },
    endApprovalFreeze: async call => {
      await approvals.endFreeze(call.ctx, referenceOf(call))
      return noContent
    },
  }
}

const presentSummary = ({ amount, items, ...approval }: ApprovalSummary) => ({
  ...approval,
  amount: amount && { value: formatMinor(amount.minor, amount.currency), currency: amount.currency },
  items: items === null ? null : Number(items),
})

const presentApproval = ({ amount, items, ...approval }: ApprovalView) => ({
  ...approval,
  ...presentSummary({ ...approval, amount, items }),
})

const presentPreview = ({ totals, items, ...preview }: Preview) => ({
  ...preview,
  items: Number(items),
  totals: totals.map(({ minor, currency, count }) => ({
    value: formatMinor(minor, currency),
    currency,
    count,
  })),
})

const presentPolicy = (policy: PolicyView): Reply => ok(policy, policy.version)
