/** The first thing that is wrong with the trail, and where. */
export type Fault = { what: string; block?: string; entry?: string; segment?: string }

/** Thrown inside a check, which answers with the fault. */
export class Broken extends Error {
  readonly fault: Fault
  constructor(what: string, where: Omit<Fault, 'what'> = {}) {
    super(what)
    this.name = 'Broken'
    this.fault = { what, ...where }
  }
}

/** What a check found, or the fault that it ran into. */
export const faultIn = async (check: () => Promise<void>): Promise<Fault | undefined> => {
  try {
    await check()
    return undefined
  } catch (error) {
    if (error instanceof Broken) return error.fault
    throw error
  }
}
