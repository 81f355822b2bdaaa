import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isTest, readProject } from '../../tools/architecture/project.ts'

const ROOT = dirname(dirname(import.meta.dirname))
/** Where a type of message stands in a source: the first argument of the outbox, or what the trail of approvals is told. */
const TELLS = [/\bpublish(?:Set)?\(\s*([^,]*),/g, /\bmessage:\s*([^,}]*)/g]
const TYPE = /^[a-z-]+\.[a-z?-]+$/

/** The types that are listed in the guide. */
const documentedTypes = (): Set<string> => {
  const [, table = ''] = readFileSync(join(ROOT, 'docs/messages.md'), 'utf8').split('## Types')
  const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, types]) => types!)
  return new Set(rows.flatMap(types => [...types.matchAll(/`([^`]+)`/g)].map(([, type]) => type!)))
}

describe('the guide to messages', () => {
  const sources = [...readProject(ROOT).files.values()].filter(
    f => f.path.startsWith('core/') && !isTest(f.path),
  )
  /** What the sources say, by type: `enrolment.?` where the end is worked out; and the module that says it. */
  const told = sources.flatMap(f =>
    TELLS.flatMap(tells => [...f.code.matchAll(tells)])
      .flatMap(([, argument]) => [...argument!.matchAll(/'(\d+)'/g)].map(([, n]) => f.strings[Number(n)]!))
      .filter(type => TYPE.test(type))
      .map(type => ({ type, module: dirname(f.path) })),
  )
  const worked = told.filter(t => t.type.includes('?'))
  const listed = documentedTypes()

  it('lists every type that a source names', () => {
    const named = told.map(t => t.type).filter(type => !type.includes('?'))
    assert.ok(named.length >= 45, `saw ${named.length}`)
    assert.deepEqual(
      named.filter(type => !listed.has(type)),
      [],
    )
  })

  it('lists types that are told, and no others', () => {
    const texts = (module: string) =>
      new Set(sources.filter(f => f.path.startsWith(`${module}/`)).flatMap(f => f.strings))
    const isTold = (type: string) => {
      const [subject, verb] = type.split('.')
      return (
        told.some(t => t.type === type) ||
        worked.some(t => t.type === `${subject}.?` && texts(t.module).has(verb!))
      )
    }
    assert.deepEqual(
      [...listed].filter(type => !isTold(type)),
      [],
    )
  })

  it('knows every source that works the type out', () => {
    assert.deepEqual([...new Set(worked.map(t => t.type))].sort(), [
      'approval.?',
      'credential.?',
      'enrolment.?',
      'job.?',
      'payment-batch.?',
    ])
  })
})
