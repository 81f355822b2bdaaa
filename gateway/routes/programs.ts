import type {
  EligibilityCheck,
  EnrolmentChange,
  EnrolmentFilter,
  EnrolmentPreview,
  ProgramFilter,
  ProgramInput,
  Programs,
} from '#core/programs/index.ts'
import {
  accepted,
  type Call,
  created,
  expectedVersion,
  filterOf,
  ok,
  page,
  paging,
  type Routes,
} from './kit.ts'

type Deps = { programs: Programs }

/** Programs, who is eligible and who is enrolled. */
export const programRoutes = ({ programs }: Deps): Routes => {
  const codeOf = ({ params }: Call) => params.code!

  return {
    listPrograms: async ({ ctx, query }) =>
      page(await programs.listPrograms(ctx, query as ProgramFilter, paging(query)), program => program),

    createProgram: async ({ ctx, body }) => {
      const program = await programs.createProgram(ctx, body as ProgramInput)
      return created(`/api/v1/programs/${program.code}`, program, program.version)
    },

    getProgram: async call => {
      const program = await programs.getProgram(call.ctx, codeOf(call))
      return ok(program, program.version)
    },

    updateProgram: async call => {
      const input = { ...(call.body as Omit<ProgramInput, 'code'>), code: codeOf(call) }
      const program = await programs.updateProgram(call.ctx, input, expectedVersion(call))
      return ok(program, program.version)
    },

    activateProgram: async call =>
      ok({ state: await programs.changeState(call.ctx, codeOf(call), 'active') }),
    endProgram: async call => ok({ state: await programs.changeState(call.ctx, codeOf(call), 'ended') }),

    checkEligibility: async call => {
      const check = await programs.checkEligibility(call.ctx, codeOf(call), call.body as { rules?: string[] })
      return ok(checkOf(check))
    },

    checkDraftRules: async ({ ctx, body }) =>
      ok(checkOf(await programs.checkDraft(ctx, body as Parameters<Programs['checkDraft']>[1]))),

    explainEligibility: async call =>
      ok(await programs.explainEligibility(call.ctx, codeOf(call), call.params.registrant!)),

    listEnrolments: async call =>
      page(
        await programs.listEnrolments(
          call.ctx,
          codeOf(call),
          filterOf<EnrolmentFilter>(call.query),
          paging(call.query),
        ),
        enrolment => enrolment,
      ),

    countEnrolments: async call => {
      const counts = await programs.countEnrolments(call.ctx, codeOf(call))
      return ok({ items: counts.map(({ status, count }) => ({ status, count: Number(count) })) })
    },

    previewEnrolment: async call => ok(previewOf(await programs.previewEnrolment(call.ctx, codeOf(call)))),
    enrolEligible: async call => accepted({ reference: (await programs.enrol(call.ctx, codeOf(call))).job }),

    enrolRegistrant: async call => {
      const { registrant } = call.body as { registrant: string }
      await programs.enrolOne(call.ctx, codeOf(call), registrant)
      return created(`/api/v1/programs/${codeOf(call)}/enrolments`, { registrant })
    },

    listEnrolmentsOfRegistrant: async ({ ctx, params }) =>
      ok({ items: await programs.enrolmentsOf(ctx, params.reference!) }),

    changeEnrolment: async ({ ctx, params, body }) =>
      ok({ status: await programs.changeEnrolment(ctx, params.reference!, body as EnrolmentChange) }),
  }
}

const checkOf = (check: EligibilityCheck) => ({
  ...check,
  matches: check.matches === null ? null : Number(check.matches),
})

const previewOf = ({ eligible, enrolledBefore, toEnrol, evaluationDate }: EnrolmentPreview) => ({
  eligible: Number(eligible),
  enrolledBefore: Number(enrolledBefore),
  toEnrol: Number(toEnrol),
  evaluationDate,
})
