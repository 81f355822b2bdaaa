import assert from 'node:assert/strict'
import type { JobView } from '#core/jobs/index.ts'
import { presentJob } from './jobs.ts'

describe('a job as the API shows it', () => {
  const failures = (kind: string, subject: JobView['subject'], result: unknown) =>
    presentJob({ kind, subject, result } as JobView).failures

  it('says where to find what failed, when something did and is kept', () => {
    const im = { type: 'import', reference: 'IM-1' }
    const batch = { type: 'payment-batch', reference: 'PB-1' }
    const report = { type: 'payment-report', reference: 'PR-1' }
    const badRows = { href: '/api/v1/imports/IM-1/bad-rows' }
    const ofBatch = { href: '/api/v1/payment-batches/PB-1/failures' }
    assert.deepEqual(failures('imports.test', im, { errors: 0, conflicts: 2, held: 0 }), badRows)
    assert.deepEqual(failures('imports.commit', im, { errors: 1 }), badRows)
    assert.deepEqual(failures('payments.fill-batch', batch, { exceptions: 3 }), ofBatch)
    assert.deepEqual(failures('payments.apply-report', report, { batch: 'PB-1', failed: 3 }), ofBatch)
  })

  it('says so of nothing else', () => {
    const im = { type: 'import', reference: 'IM-1' }
    for (const result of [null, undefined, {}, { errors: 0, warnings: 9 }])
      assert.equal(failures('imports.test', im, result), null)
    assert.equal(failures('imports.test', null, { errors: 1 }), null)
    assert.equal(failures('programs.enrol', im, { errors: 1 }), null)
  })
})
