import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

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
 * Watches a process by what Linux tells in /proc, until `stop` is called. Samples memory every `everyMs`. A process
 * that ends while it is watched is told as far as it was seen.
 */
export const watch = (pid: number, everyMs = 20): { stop: () => Usage } => {
  const started = performance.now()
  const cpuBefore = cpuSeconds(pid) ?? 0
  let cpuLast = cpuBefore
  let peakMb = 0
  const sample = () => {
    peakMb = Math.max(peakMb, residentMb(pid) ?? 0)
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

/** proc_pid_stat(5): fields 14 and 15, counted after the name, which is in brackets and may hold anything. */
const cpuSeconds = (pid: number): number | undefined => {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) / ticksPerSecond()
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
