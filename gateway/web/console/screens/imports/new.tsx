import './imports.scss'
import { useLocation, useSearchParams } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Page, Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { CsvHint } from './csv-hint.tsx'
import { requestOf } from './plan.ts'
import { Planning } from './planning.tsx'
import { UploadForm } from './upload-form.tsx'
import { Way } from './way.tsx'

export const filesPath = (name: string): string =>
  `/api/v1/files?name=${encodeURIComponent(name.slice(-200))}`

/** Beginning an import: a file, then what its columns are. An uploaded file is in the address, and survives a reload. */
export const NewImport = () => {
  const t = useText('imports')
  const [params] = useSearchParams()
  const [, go] = useLocation()
  const file = params.get('file')
  return (
    <Page title={t('newTitle')} back={{ href: '/imports', label: t('title') }}>
      <Way at={file ? 'columns' : 'file'} />
      {file ? (
        <Planning
          key={file}
          file={file}
          otherFile="/imports/new"
          cancel="/imports"
          test={async (header, plan, writing) => {
            const body = { file, ...writing, ...requestOf(header, plan) } as never
            return (await dataOf(api.POST('/api/v1/imports', { body }))).reference
          }}
          onDone={reference => {
            void changed()
            go(`/imports/${reference}`)
          }}
        />
      ) : (
        <Section title={t('steps.file')}>
          <UploadForm<{ id: string }>
            path={filesPath}
            label={t('upload.label')}
            hint={<CsvHint />}
            submit={t('upload.submit')}
            cancel="/imports"
            onDone={({ id }) => go(`/imports/new?file=${id}`)}
          />
        </Section>
      )}
    </Page>
  )
}
