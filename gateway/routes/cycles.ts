import { formatMinor } from '#core/kernel/index.ts'
import type {
  CycleFilter,
  CycleState,
  CycleView,
  DifferenceKind,
  DifferenceRow,
  DifferenceView,
  EntitlementFilter,
  EntitlementView,
  ListedCycle,
  NewCycle,
  Programs,
  ProgressView,
} from '#core/programs/index.ts'
import { accepted, type Call, created, filterOf, ok, page, paging, type Reply, type Routes } from './kit.ts'

type Deps = { programs: Programs }
/** What something is counted in: money by its currency, goods by their unit. */
type Measure = { kind: 'cash' | 'in_kind'; unit: string }

/** Cycles, from preparing to approval, and the entitlements they make. */
export const cycleRoutes = ({ programs }: Deps): Routes => {
  const referenceOf = ({ params }: Call) => params.reference!
  const asItIsNow = async (call: Call): Promise<Reply> =>
    ok(presentCycle(await programs.getCycle(call.ctx, referenceOf(call))))
  const comment = ({ body }: Call) => (body as { comment: string }).comment

  return {
    listCycles: async ({ ctx, params, query }) =>
      page(
        await programs.listCycles(ctx, params.code!, query as { state?: CycleState }, paging(query)),
        presentListed,
      ),

    listAllCycles: async ({ ctx, query }) =>
      page(await programs.listAllCycles(ctx, filterOf<CycleFilter>(query), paging(query)), presentListed),

    openCycle: async ({ ctx, params, body }) => {
      const { reference } = await programs.openCycle(ctx, params.code!, body as NewCycle)
      return created(`/api/v1/cycles/${reference}`, presentCycle(await programs.getCycle(ctx, reference)))
    },

    getCycle: asItIsNow,

    prepareCycle: async call => {
      const { evaluationDate } = (call.body ?? {}) as { evaluationDate?: string }
      return accepted({
        reference: (await programs.prepareCycle(call.ctx, referenceOf(call), evaluationDate)).job,
      })
    },

    submitCycle: async call => {
      const more = (call.body ?? {}) as { leaveOut?: string; comment?: string }
      await programs.submitCycle(call.ctx, referenceOf(call), more)
      return asItIsNow(call)
    },

    approveCycle: async call => {
      await programs.approveCycle(call.ctx, referenceOf(call))
      return asItIsNow(call)
    },

    returnCycle: async call => {
      await programs.returnCycle(call.ctx, referenceOf(call), comment(call))
      return asItIsNow(call)
    },

    cancelCycle: async call => {
      await programs.cancelCycle(call.ctx, referenceOf(call), comment(call))
      return asItIsNow(call)
    },

    closeCycle: async call => {
      await programs.closeCycle(call.ctx, referenceOf(call))
      return asItIsNow(call)
    },

    getCycleDifference: async call =>
      ok(presentDifference(await programs.difference(call.ctx, referenceOf(call)))),

    listCycleDifferences: async call => {
      const { kind } = call.query as { kind: DifferenceKind }
      return page(
        await programs.differenceRows(call.ctx, referenceOf(call), kind, paging(call.query)),
        presentRow,
      )
    },

    getCycleProgress: async call =>
      ok({ components: (await programs.progress(call.ctx, referenceOf(call))).map(presentProgress) }),

    listEntitlements: async call =>
      page(
        await programs.listEntitlements(
          call.ctx,
          referenceOf(call),
          filterOf<EntitlementFilter>(call.query),
          paging(call.query),
        ),
        presentEntitlement,
      ),

    getEntitlement: async call =>
      ok(presentEntitlement(await programs.getEntitlement(call.ctx, referenceOf(call)))),
  }
}

/** Money as a decimal text in its currency, goods as a whole number of their unit: both as texts, both exact. */
const amountOf = (value: bigint, { kind, unit }: Measure): string =>
  kind === 'cash' ? formatMinor(value, unit) : value.toString()

const presentCycle = ({ totals, ...cycle }: CycleView) => ({
  ...cycle,
  totals: totals.map(t => ({
    component: t.code,
    kind: t.kind,
    unit: t.unit,
    entitlements: Number(t.entitlements),
    amount: amountOf(t.amount, t),
    zeros: Number(t.zeros),
    exceptions: Number(t.exceptions),
  })),
})

const presentListed = ({ cash, entitlements, ...cycle }: ListedCycle) => ({
  ...cycle,
  entitlements: Number(entitlements),
  cash: formatMinor(cash, cycle.currency),
})

const presentProgress = ({ code, due, given, open, lapsed, ...of }: ProgressView) => {
  const sum = ({ count, amount }: { count: bigint; amount: bigint }) => ({
    count: Number(count),
    amount: amountOf(amount, of),
  })
  return { component: code, ...of, due: sum(due), given: sum(given), open: sum(open), lapsed: sum(lapsed) }
}

const presentDifference = ({ comparedWith, components }: DifferenceView) => ({
  comparedWith,
  components: components.map(c => {
    const sum = ({ count, amount }: { count: bigint; amount: bigint }) => ({
      count: Number(count),
      amount: amountOf(amount, c),
    })
    const { before, after, count } = c.changed
    return {
      component: c.code,
      kind: c.kind,
      unit: c.unit,
      new: sum(c.new),
      gone: sum(c.gone),
      same: sum(c.same),
      changed: { count: Number(count), before: amountOf(before, c), after: amountOf(after, c) },
      zeros: Number(c.zero),
      exceptions: Number(c.exceptions),
    }
  }),
})

const presentRow = ({ before, after, ...row }: DifferenceRow) => ({
  ...row,
  before: before === null ? null : amountOf(before, row),
  after: after === null ? null : amountOf(after, row),
})

const presentEntitlement = ({ amount, fulfilled, ...entitlement }: EntitlementView) => ({
  ...entitlement,
  amount: amountOf(amount, entitlement),
  fulfilled: amountOf(fulfilled, entitlement),
})
