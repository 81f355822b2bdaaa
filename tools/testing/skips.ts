/** A test that may be skipped where all others must run, and why (`tests/skips.json`). */
export type AllowedSkip = { file: string; title: string; reason: string }

/** Skipped tests as `file: full title` that nobody has allowed with a reason. */
export const unexplainedSkips = (
  skipped: readonly { file: string; title: string }[],
  allowed: readonly AllowedSkip[],
): string[] =>
  skipped
    .filter(s => !allowed.some(a => a.file === s.file && a.title === s.title && a.reason.trim() !== ''))
    .map(s => `${s.file}: ${s.title}`)
