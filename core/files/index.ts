import { createHash } from 'node:crypto'
import sql from 'sql-template-tag'
import { ownOrVisible, type Permission } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, DomainError, type Ids, notFound } from '../kernel/index.ts'

/** A stored file. `sha256` is hexadecimal; `size` in bytes. */
export type StoredFile = { id: string; name: string; mediaType: string; size: number; sha256: string }

export type Files = ReturnType<typeof createFiles>

const CHUNK = 256 * 1024

/** Files as they are told of. */
const FILE = sql`
  SELECT id, name, media_type AS "mediaType", size::float8 AS size, encode(sha256, 'hex') AS sha256 FROM files.files`

type Deps = { db: Db; clock: Clock; ids: Ids; audit: Audit }

/** Files in the database, in chunks, so that every gateway and worker reads the same. */
export const createFiles = ({ db, clock, ids, audit }: Deps) => {
  const writeChunks = async (id: string, bytes: AsyncIterable<Uint8Array>, maxBytes: number) => {
    const hash = createHash('sha256')
    let size = 0
    let position = 0
    for await (const chunk of inChunks(bytes)) {
      size += chunk.length
      if (size > maxBytes)
        throw new DomainError(
          'too_large',
          `The file is larger than the ${Math.floor(maxBytes / 1_048_576)} MiB accepted.`,
        )
      hash.update(chunk)
      await db.run(
        sql`INSERT INTO files.chunks (file_id, position, bytes) VALUES (${id}, ${position++}, ${chunk})`,
      )
    }
    return { size, sha256: hash.digest() }
  }

  return {
    /**
     * Stores a stream. Its chunks are written as they come, outside any long transaction; the file exists
     * only once the last one is in. Throws `too_large` at `maxBytes`.
     */
    store: async (
      ctx: Ctx,
      file: { name: string; mediaType: string; maxBytes: number },
      bytes: AsyncIterable<Uint8Array>,
    ): Promise<StoredFile> => {
      const id = ids.uuid()
      try {
        const { size, sha256 } = await writeChunks(id, bytes, file.maxBytes)
        await db.transaction(async () => {
          await db.run(sql`
            INSERT INTO files.files (id, name, media_type, size, sha256, created_by, created_at)
            VALUES (${id}, ${file.name}, ${file.mediaType}, ${size}, ${sha256}, ${ctx.actor.id}, ${clock.now()})`)
          await audit.record(ctx, {
            action: 'file.store',
            subject: { type: 'file', id },
            after: { name: file.name, mediaType: file.mediaType, size, sha256: sha256.toString('hex') },
          })
        })
        return { id, name: file.name, mediaType: file.mediaType, size, sha256: sha256.toString('hex') }
      } catch (error) {
        await db.run(sql`DELETE FROM files.chunks WHERE file_id = ${id}`).catch(() => {})
        throw error
      }
    },

    /** The bytes of a file, a chunk at a time. */
    read: async function* (id: string): AsyncGenerator<Buffer> {
      for (let position = 0; ; position++) {
        const row = await db.one<{ bytes: Buffer }>(
          sql`SELECT bytes FROM files.chunks WHERE file_id = ${id} AND position = ${position}`,
        )
        if (!row) return
        yield row.bytes
      }
    },

    /** A file that the actor stored, or any for those who may do this everywhere. Throws `not_found` otherwise. */
    find: async (ctx: Ctx, permission: Permission, id: string): Promise<StoredFile> => {
      const file = await db.one<StoredFile>(sql`
        ${FILE} WHERE id = ${id} AND ${ownOrVisible(ctx, permission, sql`created_by`)}`)
      if (!file) throw notFound('file')
      return file
    },

    /** A file that the actor stored, whoever else may read what is in it. */
    own: (ctx: Ctx, id: string): Promise<StoredFile | undefined> =>
      db.one<StoredFile>(sql`
        ${FILE} WHERE id = ${id} AND created_by = ${ctx.actor.id}`),

    get: async (id: string): Promise<StoredFile | undefined> =>
      db.one<StoredFile>(sql`
        ${FILE} WHERE id = ${id}`),

    /** Removes chunks of uploads that never finished. Run by a schedule. */
    sweep: () =>
      db.run(sql`
        DELETE FROM files.chunks c WHERE NOT EXISTS (SELECT 1 FROM files.files f WHERE f.id = c.file_id)
          AND substr(c.file_id::text, 1, 8) < substr(lpad(to_hex((extract(epoch FROM now() - interval '1 day') * 1000)::bigint), 12, '0'), 1, 8)`),
  }
}

async function* inChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const part of bytes) {
    held.push(part)
    size += part.length
    if (size < CHUNK) continue
    const all = Buffer.concat(held)
    let at = 0
    for (; all.length - at >= CHUNK; at += CHUNK) yield all.subarray(at, at + CHUNK)
    held = [all.subarray(at)]
    size = all.length - at
  }
  if (size > 0) yield Buffer.concat(held)
}
