import type { OpenAPIBackend, Operation, Request } from 'openapi-backend'

/** A place in the trie: what follows it, and the operations that end there, by method. */
type Node = { fixed: Map<string, Node>; param: Node | undefined; here: Map<string, Operation> }

const node = (): Node => ({ fixed: new Map(), param: undefined, here: new Map() })

const METHODS = ['get', 'put', 'post', 'delete', 'patch']

/**
 * Gives openapi-backend a segment trie in place of its own matching, which lists all operations and builds
 * every path's expression again on each request. Replaces exactly three methods of its router with the same
 * contract; `router.test.ts` compares the two and fails when the library's inside changes.
 */
export const useTrie = (api: OpenAPIBackend): void => {
  const { router } = api
  const operations = router.getOperations()
  const byId = new Map(operations.map(o => [o.operationId, o]))
  const root = node()
  for (const operation of operations) insert(root, operation)

  router.getOperations = () => operations
  router.getOperation = id => byId.get(id)
  router.matchOperation = ((request: Request, strict?: boolean) => {
    const segments = segmentsOf(request.path)
    const operation = find(root, segments, 0, request.method.toLowerCase())
    if (operation || !strict) return operation
    throw new Error(
      METHODS.some(method => find(root, segments, 0, method))
        ? '405-methodNotAllowed: this method is not registered for the route'
        : '404-notFound: no route matches request',
    )
  }) as typeof router.matchOperation
}

/** The methods that a path answers to, for `Allow`: with GET also HEAD. */
export const allowedMethods = (api: OpenAPIBackend, path: string): string[] =>
  METHODS.filter(method => api.router.matchOperation({ method, path, headers: {} })).flatMap(method =>
    method === 'get' ? ['GET', 'HEAD'] : method.toUpperCase(),
  )

const segmentsOf = (path: string): string[] => {
  const query = path.indexOf('?')
  const plain = query === -1 ? path : path.slice(0, query)
  const segments = plain.split('/')
  segments.shift()
  if (segments.at(-1) === '') segments.pop()
  return segments
}

const insert = (root: Node, operation: Operation) => {
  let at = root
  for (const segment of segmentsOf(operation.path)) {
    if (/^\{[^}]+\}$/.test(segment)) {
      at.param ??= node()
      at = at.param
      continue
    }
    if (segment.includes('{')) throw new Error(`a path parameter is a whole segment: ${operation.path}`)
    const next = at.fixed.get(segment) ?? node()
    at.fixed.set(segment, next)
    at = next
  }
  at.here.set(operation.method, operation)
}

/** A fixed segment goes before a parameter; when it leads to no operation of the method, the parameter is tried. */
const find = (at: Node, segments: readonly string[], i: number, method: string): Operation | undefined => {
  const segment = segments[i]
  if (segment === undefined) return at.here.get(method)
  const fixed = at.fixed.get(segment)
  return (
    (fixed && find(fixed, segments, i + 1, method)) ??
    (at.param && segment !== '' ? find(at.param, segments, i + 1, method) : undefined)
  )
}
