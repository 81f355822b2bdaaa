import './imports.scss'
import { useLocation, useSearchParams } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { CsvHint } from './csv-hint.tsx'
import type { Import } from './model.ts'
import { filesPath } from './new.tsx'
import { requestOf } from './plan.ts'
import { Planning } from './planning.tsx'
import { UploadForm } from './upload-form.tsx'
import { Way } from './way.tsx'

/** Testing an import again: a corrected file in the place of the one before, or other columns and options. */
export const TestAgain = ({ params }: ScreenProps) => {
  const reference = params.reference!
  const path = { path: { reference } }
  const { data: im, problem, refresh } = useGet('/api/v1/imports/{reference}', { params: path })
  if (problem) return <Failure problem={problem} retry={refresh} />
  return im ? <Again im={im} /> : <Loading />
}

const CLOSED: readonly Import['state'][] = ['committing', 'paused', 'committed', 'undoing', 'undone']

const Again = ({ im }: { im: Import }) => {
  const t = useText('imports')
  const [params] = useSearchParams()
  const [, go] = useLocation()
  const here = `/imports/${im.reference}`
  const file = params.get('file') ?? undefined
  return (
    <Page title={t('again.title')} back={{ href: here, label: im.fileName }}>
      {CLOSED.includes(im.state) ? (
        <Banner tone="warning" title={t('again.closed')} />
      ) : (
        <>
          <Way at={file ? 'columns' : 'file'} />
          {file ? (
            <Planning
              key={file}
              file={file}
              again={im}
              otherFile={`${here}/again`}
              cancel={here}
              test={async (header, plan, writing) => {
                const body = { file, ...writing, ...requestOf(header, plan) } as never
                const path = { path: { reference: im.reference } }
                await dataOf(api.POST('/api/v1/imports/{reference}/retest', { params: path, body }))
                return im.reference
              }}
              onDone={() => {
                void changed()
                go(here)
              }}
            />
          ) : (
            <Choose im={im} here={here} />
          )}
        </>
      )}
    </Page>
  )
}

const Choose = ({ im, here }: { im: Import; here: string }) => {
  const t = useText('imports')
  const [, go] = useLocation()
  const to = (file: string) => `${here}/again?file=${file}`
  return (
    <>
      <Section title={t('again.corrected')}>
        <UploadForm<{ id: string }>
          path={filesPath}
          label={t('upload.label')}
          hint={<CsvHint />}
          submit={t('upload.submit')}
          cancel={here}
          onDone={({ id }) => go(to(id))}
        />
      </Section>
      <Section title={t('again.same')}>
        <p>{t('again.sameHint')}</p>
        <LinkButton href={to(im.file)}>{t('again.sameDo')}</LinkButton>
      </Section>
    </>
  )
}
