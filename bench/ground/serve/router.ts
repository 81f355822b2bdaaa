import Koa from 'koa'
import { createApi } from '#gateway/http/api.ts'
import { type OpenApi, operationsOf } from '#gateway/openapi/bundle.ts'
import type { Call } from '#gateway/routes/kit.ts'
import { operation, withOperations } from '../synthetic.ts'
import { listen } from './listen.ts'

/** The API with as many operations as the argument says, of which the same one is asked for. */
const nothing: OpenApi = {
  openapi: '3.1.0',
  info: { title: 'Parts', version: '1' },
  servers: [{ url: '/' }],
  tags: [],
  paths: { '/api/v1/things/{thing}/parts/{part}': { get: operation('getPart', { security: [] }) } },
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
}
const document = withOperations(nothing, Number(process.argv[2]))
if (operationsOf(document).length !== Number(process.argv[2])) throw new Error('operations are missing')

const app = new Koa()
app.use(async (ctx, next) => {
  ctx.state.requestId = 'bench'
  await next()
})
app.use(
  await createApi({
    document,
    routes: { getPart: async ({ params }: Call) => ({ status: 200, body: { name: params.part } }) },
    requestsPerMinute: 0,
    validateResponses: false,
    limits: { take: async () => {} },
  } as unknown as Parameters<typeof createApi>[0]),
)
listen(app)
