/*
 * What time it is at the server. The clock of a browser may be wrong by hours or years; whoever says "three minutes
 * ago" of something that the server dated asks here.
 */

/** Answers take a while, and tell the time to the second: closer than this nobody can say. */
const PRECISION_MS = 2_000

let ahead = 0

/** Hears what the server's clock says, as the header `Date` of an answer. */
export const heardTime = (date: string | null): void => {
  const told = Date.parse(date ?? '')
  if (Number.isNaN(told)) return
  // Cut off to the second: on average half of one is missing.
  const apart = told + 500 - Date.now()
  if (Math.abs(apart - ahead) > PRECISION_MS) ahead = Math.abs(apart) > PRECISION_MS ? apart : 0
}

/** Now, in milliseconds since 1970, as the server's clock has it. */
export const serverNow = (): number => Date.now() + ahead
