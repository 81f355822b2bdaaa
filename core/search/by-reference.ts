import { type Ctx, formatReference, PREFIX, parseReference, type ReferenceKind } from '../kernel/index.ts'
import type { Hit, SearchDeps } from './index.ts'

type LookUp = (deps: SearchDeps, ctx: Ctx, name: string) => Promise<Omit<Hit, 'name'>>

/** What has a name that says more than its reference, read as its own page reads it. */
const NAMED: Partial<Record<ReferenceKind, LookUp>> = {
  cycle: async ({ programs }, ctx, reference) => {
    const { name, programName } = await programs.getCycle(ctx, reference)
    return { kind: 'cycle', title: name, subtitle: programName }
  },
  batch: async ({ payments }, ctx, reference) => {
    const { programName, cycleName } = await payments.getBatch(ctx, reference)
    return { kind: 'payment-batch', title: programName, subtitle: cycleName }
  },
  approval: async ({ approvals }, ctx, reference) => {
    const { title, programName } = await approvals.get(ctx, reference)
    return { kind: 'approval', title, subtitle: programName }
  },
  import: async ({ imports }, ctx, reference) => {
    const { fileName, createdBy } = await imports.get(ctx, reference)
    return { kind: 'import', title: fileName, subtitle: createdBy }
  },
  job: async ({ jobs }, ctx, reference) => {
    const job = await jobs.read(ctx, reference)
    return { kind: 'job', title: job.kind, subtitle: job.createdBy }
  },
}

const otherwise: LookUp = async ({ things }, ctx, reference) => {
  const { type } = await things.find(ctx, reference)
  return { kind: type, title: reference, subtitle: null }
}

/** The thing with a reference, when a text is one, people by `people`. */
export const byReference = (
  deps: SearchDeps,
  people: (ctx: Ctx, filter: { reference: string }) => Promise<Hit[]>,
  ctx: Ctx,
  q: string,
): Promise<Hit[]> | undefined => {
  for (const kind of Object.keys(PREFIX) as ReferenceKind[]) {
    const ref = parseReference(kind, q)
    if (ref === undefined) continue
    const name = formatReference(kind, ref)
    if (kind === 'individual' || kind === 'group') return people(ctx, { reference: name })
    return (NAMED[kind] ?? otherwise)(deps, ctx, name).then(found => [{ ...found, name }])
  }
  return undefined
}
