import {
  type ApprovalSubject,
  type ApprovalWiring,
  createApprovals,
  type People,
} from '#core/approvals/index.ts'

/** Accounts of tests that are nowhere but in their contexts: each is what it says, and a person of its own. */
const MADE_UP: People = {
  actorAtThisMoment: async actor => actor,
  personsOf: async ids => new Map(ids.map(id => [id, id])),
  supervisorOf: async () => undefined,
  usersNamed: async () => [],
  unknownRoles: async () => [],
  programIdsOf: async () => new Map(),
}

/** The engine over people made up by a test. `subjects` is what can be approved: modules add theirs once they are made. */
export const approvalsOver = (deps: Omit<ApprovalWiring, 'people' | 'subjects'>) => {
  const subjects: ApprovalSubject[] = []
  return { subjects, approvals: createApprovals({ ...deps, people: MADE_UP, subjects: () => subjects }) }
}
