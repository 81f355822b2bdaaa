import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startTime } from './proc.ts'

/**
 * Notes that this process uses the server of `home`, so that whoever leaves last stops it. Answers how to leave,
 * which tells whether nobody else is left; the dead do not count. The caller holds the home's lock, both times.
 */
export async function hold(home: string): Promise<() => Promise<boolean>> {
  const folder = join(home, 'holders')
  const mine = join(folder, `${process.pid}-${await startTime(process.pid)}-${randomUUID()}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(mine, '', { mode: 0o600 })
  return async () => {
    await rm(mine, { force: true })
    return (await living(folder)).length === 0
  }
}

/** The holders whose process is alive; the entries of others are swept away. */
async function living(folder: string): Promise<string[]> {
  const alive: string[] = []
  for (const entry of await readdir(folder)) {
    const [pid, started] = entry.split('-')
    if ((await startTime(Number(pid))) === started) alive.push(entry)
    else await rm(join(folder, entry), { force: true })
  }
  return alive
}
