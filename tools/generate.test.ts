import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { staleFiles } from './generate.ts'
import { configurationPage } from './generators/configuration.ts'
import { rolesPage } from './generators/roles.ts'
import { thirdPartyPage } from './generators/third-party.ts'

describe('generated files', () => {
  it('are out of date when they are missing or differ from what their sources give', async () => {
    const root = mkdtempSync(join(tmpdir(), 'annona-generate-'))
    const all = [{ path: 'page.md', make: () => 'new\n' }]
    assert.equal((await staleFiles(root, all)).length, 1)
    writeFileSync(join(root, 'page.md'), 'old\n')
    assert.equal((await staleFiles(root, all)).length, 1)
    writeFileSync(join(root, 'page.md'), 'new\n')
    assert.deepEqual(await staleFiles(root, all), [])
    rmSync(root, { recursive: true })
  })

  it('explain every setting, and which are secret', () => {
    const page = configurationPage()
    assert.match(page, /^\| `PORT` \| .+ \| `8080` \| {2}\|$/m)
    assert.match(page, /^\| `ANNONA_MASTER_KEY` \| .+ \| {2}\| yes \|$/m)
  })

  it('say of every permission what it allows and who has it', () => {
    const page = rolesPage()
    assert.match(page, /^\| `payment:approve` \| Approve .+ \| payment-approver \|$/m)
    assert.match(page, /^- Masks: `identifier`, `contact`, `account`, `birth`$/m)
  })

  it('list what Annona is installed with, and not what only its developers need', () => {
    const page = thirdPartyPage(dirname(import.meta.dirname))
    assert.match(page, /\| koa \| 3\.\d/)
    assert.doesNotMatch(page, /\| mocha \|/)
  })
})
