import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Fault, type Head, type Verdict, whyUnsealed } from '#core/audit/index.ts'
import type { AuditCall } from './audit.ts'
import { height, readHeads, readOwnHeads } from './audit-files.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)
const many = (n: number) => n.toLocaleString('en')

/** Verifies the trail, telling how far it is on the other stream. */
export const verify = async ({ services, config, options }: AuditCall): Promise<number> => {
  const started = performance.now()
  let told = started
  const known = await knownHeads(config.dataDir, options.head)
  const verdict = await services.audit.verify({
    ...(known && { known }),
    ...(options.from !== undefined && { from: height('--from', options.from) }),
    onProgress: ({ blocks, entries }) => {
      if (performance.now() - told < 1_000) return
      told = performance.now()
      process.stderr.write(`\r${many(entries)} entries in ${many(blocks)} blocks are whole …`)
    },
  })
  if (told !== started) process.stderr.write('\n')
  const isStale = verdict.unsealed.seconds > config.auditUnsealedSeconds
  if (options.json) say(JSON.stringify({ ...verdict, isStale }))
  else tell(verdict, isStale)
  return verdict.ok ? 0 : 1
}

const tell = ({ blocks, entries, retired, unsealed, compared, broken }: Verdict, isStale: boolean) => {
  say(
    broken
      ? `BROKEN: ${inWords(broken)}`
      : `The audit trail is whole: ${many(entries)} entries in ${many(blocks)} sealed blocks, ${many(unsealed.entries)} not sealed yet${
          retired > 0 ? `, ${many(retired)} taken out into files` : ''
        }.`,
  )
  say(
    compared.heads > 0
      ? `It was compared with ${many(compared.heads)} kept heads, heights ${compared.from}–${compared.to}.`
      : 'It was compared with no kept heads: only those show that its end was cut off, or all of it made anew.',
  )
  if (isStale)
    say(
      `WARNING: entries have waited ${many(Math.round(unsealed.seconds))} s for a seal; ${whyUnsealed(unsealed)}.`,
    )
}

const inWords = ({ what, segment, block, entry }: Fault) =>
  [what, segment && `in segment ${segment}`, block && `in block ${block}`, entry && `entry ${entry}`]
    .filter(Boolean)
    .join(', ')

/** Those of the file that was given; else those that a worker wrote down outside the database, if it did so here. */
const knownHeads = async (dataDir: string, given: string | undefined): Promise<Head[] | undefined> => {
  const own = join(dataDir, 'audit-heads.jsonl')
  if (given !== undefined) return readHeads(given)
  const heads = existsSync(own) ? await readOwnHeads(own) : []
  return heads.length > 0 ? heads : undefined
}

/** Verifies a file of entries that were taken out. */
export const verifySegment = async ({ services, options }: AuditCall): Promise<number> => {
  const { found, broken } = await services.audit.verifySegment(options.segment!)
  if (options.json) say(JSON.stringify({ ok: !broken, entries: found?.entries, broken }))
  else
    say(
      broken
        ? `BROKEN: ${inWords(broken)}`
        : `The segment is whole: ${many(found!.entries)} entries in ${many(found!.heads.length)} blocks, as they were sealed.`,
    )
  return broken ? 1 : 0
}
