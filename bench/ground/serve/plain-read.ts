import Koa from 'koa'
import pg from 'pg'
import { type Caller, readRegistrant } from '../../baselines/read.ts'
import { listen } from './listen.ts'

/** Koa, pg and nothing else. Arguments: who calls. */
const PATH = '/api/v1/registrants/'
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL!, max: 10 })
const caller = JSON.parse(process.argv[2]!) as Caller

const app = new Koa()
app.use(async ctx => {
  const found = await readRegistrant(pool, caller, ctx.ip, ctx.path.slice(PATH.length))
  if (found) ctx.body = found
})
listen(app)
