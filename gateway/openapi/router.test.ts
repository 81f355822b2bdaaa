import assert from 'node:assert/strict'
import { OpenAPIBackend } from 'openapi-backend'
import { bundleOpenApi, operationsOf } from './bundle.ts'
import { allowedMethods, useTrie } from './router.ts'

const build = async (definition: object) => {
  const api = new OpenAPIBackend({
    definition: structuredClone(definition) as never,
    strict: true,
    quick: true,
  })
  await api.init()
  return api
}

const document = (paths: string[]) => ({
  openapi: '3.1.0',
  info: { title: 't', version: '1' },
  paths: Object.fromEntries(
    paths.map((path, i) => [
      path,
      { get: { operationId: `get${i}`, responses: {} }, post: { operationId: `post${i}`, responses: {} } },
    ]),
  ),
})

const attempt = (work: () => { operationId?: string } | undefined) => {
  try {
    return work()?.operationId ?? 'none'
  } catch (error) {
    return (error as Error).message.slice(0, 3)
  }
}

const METHODS = ['get', 'POST', 'delete', 'patch', 'options', 'PUT']

describe('the fast router', () => {
  it('finds in openapi-backend the inside that it replaces', async () => {
    const { router, validator } = await build(document(['/a']))
    for (const method of ['getOperations', 'getOperation', 'matchOperation'] as const)
      assert.equal(typeof router[method], 'function', method)
    assert.equal(
      (validator as unknown as { router: unknown }).router,
      router,
      'the validator asks the same router',
    )
  })

  it('matches as the stock router does, for every operation of our document and for addresses beside them', async () => {
    const bundle = bundleOpenApi()
    const stock = await build(bundle)
    const fast = await build(bundle)
    useTrie(fast)
    const operations = operationsOf(bundle)
    assert.ok(operations.length > 10)
    // The stock router is slow: every path with every form of address, and the methods in turn.
    for (const [i, { path, method: own }] of operations.entries()) {
      const concrete = path.replace(/\{[^}]+\}/g, 'X-1')
      for (const at of [
        concrete,
        `${concrete}/`,
        `${concrete}?q=1`,
        `${concrete}/beyond`,
        concrete.slice(0, -1),
        `/${concrete}`,
      ])
        for (const method of [own, METHODS[i % METHODS.length]!]) {
          const request = { method, path: at, headers: {} }
          for (const strict of [true, false])
            assert.equal(
              attempt(() => fast.router.matchOperation(request, strict)),
              attempt(() => stock.router.matchOperation(request, strict)),
              `${method} ${at} strict=${strict}`,
            )
        }
    }
    for (const { operation } of operations)
      assert.deepEqual(
        fast.router.getOperation(operation.operationId),
        stock.router.getOperation(operation.operationId),
      )
  })

  it('prefers a fixed segment to a parameter, and comes back to the parameter when that leads nowhere', async () => {
    const api = await build(document(['/a/{id}', '/a/new', '/a/{id}/parts', '/a/new/none/deep']))
    useTrie(api)
    const match = (path: string) =>
      attempt(() => api.router.matchOperation({ method: 'get', path, headers: {} }, true))
    assert.equal(match('/a/new'), 'get1')
    assert.equal(match('/a/other'), 'get0')
    assert.equal(match('/a/new/parts'), 'get2')
    assert.equal(match('/a//parts'), '404')
    assert.deepEqual(allowedMethods(api, '/a/new'), ['GET', 'HEAD', 'POST'])
  })

  it('costs the same work for a match among 3,000 paths as among 30', async () => {
    const steps = async (n: number) => {
      const api = await build(document(Array.from({ length: n }, (_, i) => `/r${i}/{id}/sub`)))
      useTrie(api)
      let listed = 0
      const all = api.router.getOperations()
      api.router.getOperations = () => {
        listed++
        return all
      }
      assert.equal(
        attempt(() =>
          api.router.matchOperation({ method: 'get', path: `/r${n - 1}/7/sub`, headers: {} }, true),
        ),
        `get${n - 1}`,
      )
      return listed
    }
    assert.equal(await steps(30), 0, 'no list of operations is walked')
    assert.equal(await steps(3_000), 0)
  })
})
