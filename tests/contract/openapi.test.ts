import assert from 'node:assert/strict'
import { pino } from 'pino'
import { PERMISSIONS } from '#core/access/index.ts'
import { createTokens } from '#gateway/auth/tokens.ts'
import { compose } from '#gateway/compose.ts'
import { readConfig } from '#gateway/config.ts'
import { createEvents } from '#gateway/live/events.ts'
import { routesOf } from '#gateway/routes/index.ts'
import { type Described, describedOperations, type Schema, walkSchema } from '#tests/support/openapi.ts'

/** Answered by the gateway itself (gateway/http/system.ts), before the API. */
const OF_THE_SYSTEM = ['getHealth', 'getReadiness']
/** Forms of text that are as short as they must be. */
const BOUNDED_FORMATS = ['uuid', 'date', 'date-time', 'binary']

describe('the API document', () => {
  const { document, operations } = describedOperations()
  const ofTheApi = operations.filter(o => !OF_THE_SYSTEM.includes(o.id))
  const failing = (list: Described[], broken: (o: Described) => unknown) => list.filter(broken).map(o => o.id)

  it('is seen whole', () => {
    assert.ok(operations.length >= 20, `${operations.length} operations`)
    assert.ok(operations.filter(o => Object.keys(o.bodies).length > 0).length >= 8)
  })

  it('has a handler for every operation, and no handler is left over', async () => {
    const masterKey = Buffer.alloc(32, 7).toString('base64')
    const config = { ...readConfig({}), masterKey, databaseUrl: 'postgres://nobody@127.0.0.1:1/nothing' }
    const services = compose(config, pino({ level: 'silent' }), { name: 'test', statementTimeoutMs: 0 })
    const tokens = createTokens({ ...services, issuer: 'test' })
    const events = createEvents({ ...services, present: job => job }, 1)
    const handlers = Object.keys(routesOf(services, tokens, events))
    await services.db.close()
    assert.deepEqual(handlers.toSorted(), ofTheApi.map(o => o.id).toSorted())
  })

  it('says of every operation who may call it', () => {
    const known = new Set<string | undefined>([...PERMISSIONS, 'any'])
    const isOpen = (o: Described) => o.operation.security?.length === 0
    assert.deepEqual(
      failing(operations, o => isOpen(o) === known.has(o.operation['x-permission'])),
      [],
      'either open to all or with a permission that exists',
    )
    const open = operations.filter(isOpen).map(o => o.id)
    assert.deepEqual(
      open.filter(id => !OPEN.has(id)),
      [],
      'what is open to all is listed here, so that nothing becomes so by accident',
    )
  })

  it('describes the problem that any operation may answer with', () => {
    const isProblem = (o: Described) =>
      JSON.stringify(o.responses.default?.content?.['application/problem+json']?.schema) ===
      '{"$ref":"#/components/schemas/Problem"}'
    const asOAuth = ofTheApi.filter(o => o.operation['x-errors'] === 'oauth')
    assert.deepEqual(
      asOAuth.map(o => o.id).toSorted(),
      [...OAUTH].toSorted(),
      'only where OAuth says how errors look',
    )
    assert.deepEqual(
      failing(ofTheApi, o => !isProblem(o) && !asOAuth.includes(o)),
      [],
    )
    assert.deepEqual(
      failing(
        asOAuth,
        o =>
          JSON.stringify(o.responses.default?.content?.['application/json']?.schema) !==
          '{"$ref":"#/components/schemas/OAuthError"}',
      ),
      [],
    )
  })

  it('closes every object of every request, so that nothing unnamed comes in', () => {
    assert.deepEqual(
      inRequests(schema => {
        const isObject = [schema.type].flat().includes('object') || schema.properties !== undefined
        if (!isObject) return false
        const { additionalProperties: more } = schema
        return typeof more === 'object' ? schema.maxProperties === undefined : more !== false
      }),
      [],
    )
  })

  it('bounds every number, list and text of every request, as the database and its types are', () => {
    assert.deepEqual(
      inRequests(schema => {
        const types = [schema.type].flat()
        if (schema.enum || schema.const !== undefined || schema.format === 'binary') return false
        if (types.includes('integer') || types.includes('number'))
          return schema.maximum === undefined || schema.minimum === undefined
        if (types.includes('array')) return schema.maxItems === undefined
        if (!types.includes('string')) return false
        const isBounded = schema.maxLength !== undefined || BOUNDED_FORMATS.includes(schema.format ?? '')
        return !isBounded && !/^\^[^*+]*\$$/.test(schema.pattern ?? '')
      }),
      [],
    )
  })

  it('says a type of everything in a request', () => {
    assert.deepEqual(
      inRequests(s => !s.type && !s.enum && s.const === undefined && !s.allOf && !s.anyOf && !s.oneOf),
      [],
    )
  })

  it('lets every POST of an account be sent again safely', () => {
    const posts = ofTheApi.filter(o => o.method === 'post' && o.operation['x-permission'])
    const withKey = posts.filter(o => o.parameters.some(p => p.name === 'Idempotency-Key'))
    const exempt = (o: Described) =>
      o.operation['x-stream'] || o.operation['x-secret-answer'] || CHANGES_NOTHING.has(o.id)
    assert.deepEqual(
      failing(posts, o => !exempt(o) && !withKey.includes(o)),
      [],
      'takes an Idempotency-Key',
    )
    assert.deepEqual(
      failing(withKey, o =>
        Object.entries(o.responses).some(
          ([status, r]) => status.startsWith('2') && r.content && !r.content['application/json'],
        ),
      ),
      [],
      'an answer that is kept is JSON',
    )
  })

  /** Where a schema of a request is wrong, as `operation place`. */
  const inRequests = (isWrong: (schema: Schema) => boolean): string[] =>
    operations.flatMap(o => {
      const wrong: string[] = []
      const look = (schema: Schema, where: string) =>
        walkSchema(document, schema, (s, at) => isWrong(s) && wrong.push(`${o.id} ${where}${at}`))
      for (const [type, schema] of Object.entries(o.bodies)) look(schema, type)
      for (const p of o.parameters) look(p.schema, `${p.in} ${p.name}`)
      return wrong
    })
})

/** Answer with errors of their own (RFC 6749 section 5.2). */
const OAUTH = new Set(['createToken', 'revokeToken'])

const OPEN = new Set([
  ...OF_THE_SYSTEM,
  ...OAUTH,
  'createSession',
  'getAuthorizationServer',
  'getTokenKeys',
  'listSignInProviders',
  'beginSignIn',
  'completeSignIn',
])

/** Questions that are asked by POST, because of what they carry. */
const CHANGES_NOTHING = new Set(['verifyCredential', 'inspectFile', 'checkDraftRules', 'checkEligibility'])
