/** Where "now" comes from. Injected everywhere, so that tests move time and nothing else does. */
export type Clock = { now(): Date }

export const systemClock: Clock = { now: () => new Date() }

/** A clock for tests: stands still until it is moved. */
export const manualClock = (start: Date | string): Clock & { advance(ms: number): void } => {
  let at = new Date(start).getTime()
  return {
    now: () => new Date(at),
    advance: ms => {
      at += ms
    },
  }
}

/** The calendar day (ISO 8601, `YYYY-MM-DD`) of an instant in UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
