import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { startScratch } from './scratch.ts'

describe('the scratch server', () => {
  it('serves its superuser until it is stopped, and leaves nothing behind', async () => {
    const server = await startScratch()
    const folder = await folderOf(server.adminUrl)
    assert.equal(existsSync(folder), true)
    await server.stop()
    await assert.rejects(folderOf(server.adminUrl), /ECONNREFUSED/)
    assert.equal(existsSync(folder), false)
  })

  for (const [end, code] of [
    ['runs out of work', ''],
    ['is killed', `process.kill(process.pid, 'SIGKILL')`],
  ] as const) {
    it(`goes with its process when that ${end}`, async () => {
      const script = `
        import { startScratch } from ${JSON.stringify(import.meta.resolve('./scratch.ts'))}
        const server = await startScratch()
        console.log(server.adminUrl)
        process.stdin.once('data', () => { process.stdin.pause(); ${code} })`
      const user = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const [url] = await once(createInterface(user.stdout), 'line')
      const folder = await folderOf(url)
      user.stdin.end('go\n')
      await once(user, 'exit')
      while (existsSync(folder)) await pause(10)
      await assert.rejects(folderOf(url), /ECONNREFUSED/)
    })
  }
})

/** The folder that holds everything of the server: the one above its cluster. */
async function folderOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(`select current_setting('data_directory') || '/..' as folder`)
  await client.end()
  return rows[0].folder.replace(/\/data\/\.\.$/, '')
}
