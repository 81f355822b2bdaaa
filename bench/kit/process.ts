import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** What a process used while it was watched. */
export type Usage = {
  /** Time on processors, in user and kernel mode. */
  cpuSeconds: number
  /** Seconds watched; `cpuSeconds / seconds` is how many cores it kept busy. */
  seconds: number
  /** Largest resident memory seen, in MB (2^20 bytes). */
  peakMb: number
}

/**
 * Watches a process by what Linux tells in /proc, until `stop` is called. Samples memory every `everyMs`: its own and
 * that of the processes it started, together. A process that ends while it is watched is told as far as it was seen.
 */
export const watch = (pid: number, everyMs = 20): { stop: () => Usage } => {
  const started = performance.now()
  const cpuBefore = cpuSeconds(pid) ?? 0
  let cpuLast = cpuBefore
  let peakMb = 0
  const sample = () => {
    const resident = familyOf(pid).map(member => residentMb(member.pid) ?? 0)
    peakMb = Math.max(
      peakMb,
      resident.reduce((sum, mb) => sum + mb, 0),
    )
    cpuLast = cpuSeconds(pid) ?? cpuLast
  }
  sample()
  const timer = setInterval(sample, everyMs)
  return {
    stop: () => {
      clearInterval(timer)
      sample()
      return { cpuSeconds: cpuLast - cpuBefore, seconds: (performance.now() - started) / 1000, peakMb }
    },
  }
}

const ticksPerSecond = (() => {
  let ticks: number | undefined
  return () => (ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })))
})()

/** Processor time of a process so far, in user and kernel mode, to a hundredth of a second; nothing once it has ended. */
export const cpuSeconds = (pid: number): number | undefined => {
  const fields = stat(pid)
  return fields && (Number(fields[11]) + Number(fields[12])) / ticksPerSecond()
}

/** A process, and those that it and they started; each with its command line. */
export const familyOf = (pid: number): { pid: number; command: string }[] => {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) && stat(Number(name))?.[1]
    if (parent) parents.set(Number(name), Number(parent))
  }
  const isOf = (member: number | undefined): boolean =>
    member === pid || (member !== undefined && isOf(parents.get(member)))
  return [...parents.keys()]
    .filter(isOf)
    .map(member => ({ pid: member, command: read(`/proc/${member}/cmdline`)?.replaceAll('\0', ' ') ?? '' }))
}

/** proc_pid_stat(5), from field 3 on: the name before it is in brackets and may hold anything. */
const stat = (pid: number): string[] | undefined => {
  const text = read(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

const residentMb = (pid: number): number | undefined => {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kb === undefined ? undefined : Number(kb) / 1024
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
