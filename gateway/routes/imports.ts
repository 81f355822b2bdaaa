import { Readable } from 'node:stream'
import type { Files } from '#core/files/index.ts'
import type {
  CommitOptions,
  ImportFilter,
  ImportOptions,
  Imports,
  ImportView,
  IssueFilter,
} from '#core/imports/index.ts'
import { invalidField } from '#core/kernel/index.ts'
import type { Config } from '../config.ts'
import { accepted, type Call, created, ok, page, paging, type Reply, type Routes } from './kit.ts'

type Deps = { imports: Imports; files: Files; config: Config }

const MIB = 1_048_576

export const importRoutes = ({ imports, files, config }: Deps): Routes => ({
  importAreas: async ({ ctx, query, stream }) =>
    ok(await imports.importAreas(ctx, stream(), { dryRun: query.dryRun === true })),

  uploadFile: async call => {
    const file = await files.store(
      call.ctx,
      { name: fileName(call), mediaType: 'text/csv', maxBytes: config.maxUploadMiB * MIB },
      call.stream(),
    )
    return created(`/api/v1/files/${file.id}`, file)
  },

  inspectFile: async ({ ctx, body }) =>
    ok(await imports.inspect(ctx, fileOf(body), body as Pick<ImportOptions, 'encoding' | 'delimiter'>)),

  startImport: async ({ ctx, body }) => {
    const { file: _file, ...options } = body as { file: string } & ImportOptions
    return background(await imports.start(ctx, fileOf(body), options))
  },

  listImports: async ({ ctx, query }) =>
    page(await imports.list(ctx, query as ImportFilter, paging(query)), im => im),
  getImport: async ({ ctx, params }) => ok(await imports.get(ctx, params.reference!)),

  listImportIssues: async ({ ctx, params, query }) =>
    page(await imports.issues(ctx, params.reference!, query as IssueFilter, paging(query)), issue => issue),

  listImportIssueKinds: async ({ ctx, params }) =>
    ok({ items: await imports.issueKinds(ctx, params.reference!) }),

  getImportBadRows: async ({ ctx, params }) =>
    download(
      `${params.reference}-to-correct.csv`,
      Readable.from(await imports.badRows(ctx, params.reference!)),
    ),

  getImportTemplate: async () => download('people.csv', (await imports.template()).csv),
  listImportFields: async () =>
    ok({
      items: (await imports.template()).fields.map(({ key, label, isRequired, unless = [], example }) => ({
        key,
        label,
        isRequired,
        unless,
        example,
      })),
    }),

  retestImport: async ({ ctx, params, body }) => {
    const { file, ...options } = body as { file?: string } & ImportOptions
    const other = file === undefined ? undefined : fileOf(body)
    return background(await imports.retest(ctx, params.reference!, options, other))
  },

  commitImport: async ({ ctx, params, body }) =>
    background(await imports.commit(ctx, params.reference!, (body ?? {}) as CommitOptions)),

  submitImport: async ({ ctx, params }) => ok(await imports.submit(ctx, params.reference!)),

  undoImport: async ({ ctx, params }) => background(await imports.undo(ctx, params.reference!)),
  cancelImport: async ({ ctx, params }) => ok(await imports.cancel(ctx, params.reference!)),
})

/** The import, with the job that works on it under `Location`. */
const background = (im: ImportView): Reply => ({ ...accepted({ reference: im.job }), body: im })

const download = (name: string, data: string | Readable): Reply => ({
  status: 200,
  headers: { 'Content-Disposition': `attachment; filename="${name}"` },
  raw: { type: 'text/csv; charset=utf-8', data },
})

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

const fileOf = (body: unknown): string => {
  const { file } = body as { file: string }
  if (!UUID.test(file)) throw invalidField('/file', 'unknown', 'There is no such file.')
  return file
}

/** The name that people know the file by: shown, never used as a path. */
const fileName = ({ query }: Call): string => {
  const name = (query.name as string).replace(/[^\p{L}\p{N} ._()-]/gu, '_').trim()
  if (name === '') throw invalidField('/query/name', 'name', 'Give the file a name, such as households.csv.')
  return name
}
