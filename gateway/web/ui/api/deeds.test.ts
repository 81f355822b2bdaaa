import assert from 'node:assert/strict'
import { doneOnce } from './deeds.ts'
import { ApiProblem, unreachable } from './problem.ts'

describe('what is done once', () => {
  const ADDRESS = 'https://annona.test/api/v1/stock-receipts'
  const post = (body: string) => new Request(ADDRESS, { method: 'POST', body })
  const key = (body: string, said?: ApiProblem) => {
    let sent: string | null = null
    const send = async (request: Request) => {
      sent = request.headers.get('Idempotency-Key')
      if (said) throw said
    }
    return doneOnce(post(body), send).then(
      () => sent,
      () => sent,
    )
  }
  const problem = (status: number) => new ApiProblem({ status, title: '', detail: '' })

  it('keeps its key until somebody answers, and no longer', async () => {
    const first = await key('ten bags', unreachable())
    assert.equal(await key('ten bags', problem(504)), first)
    assert.equal(await key('ten bags'), first)
    assert.notEqual(await key('ten bags'), first)
  })

  it('is not something else, nor what was refused', async () => {
    const first = await key('ten bags', unreachable())
    assert.notEqual(await key('nine bags'), first)
    const refused = await key('ten bags', problem(400))
    assert.equal(refused, first)
    assert.notEqual(await key('ten bags'), first)
  })
})
