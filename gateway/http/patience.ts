/** How long the gateway waits for what should come, in milliseconds. Tests wait less. */
export type Patience = {
  /** For a request's headers, from the connection's first byte (and for TLS to be agreed on). */
  headers: number
  /** For a whole request: a large file over a slow line. What stalls is cut off sooner, by `body` and `stall`. */
  request: number
  /** For a body that is not a file, however slowly it is fed. */
  body: number
  /** For the next piece of a file. */
  stall: number
  /** For the next request on a connection. */
  idle: number
  /** For the rest of a body that was refused, so that its sender comes to read the answer. */
  linger: number
  /** Between two looks for what those are to be told who listen (`gateway/live`). */
  look: number
  /** For requests that have begun when the gateway is told to stop. */
  drain: number
}

/** Node's own time-outs are generous; these end slow headers, slow bodies and idle connections. */
export const PATIENCE: Patience = {
  headers: 10_000,
  request: 15 * 60_000,
  body: 15_000,
  stall: 15_000,
  idle: 65_000,
  linger: 5_000,
  look: 1_000,
  drain: 10_000,
}
