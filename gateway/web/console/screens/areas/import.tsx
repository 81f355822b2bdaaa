import { useState } from 'preact/hooks'
import { ApiProblem, type FieldError } from '../../../ui/api/problem.ts'
import { asProblem, changed } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure } from '../../../ui/components/states.tsx'
import { Count, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { upload } from '../imports/upload.ts'
import { UploadForm } from '../imports/upload-form.tsx'

type Outcome = { areas: number; created: number; renamed: number; dryRun: boolean }
type Looked = { file: File; outcome: Outcome }

const PATH = '/api/v1/areas/import'

/** Areas from a file, all or none: first what would happen, then it is done. */
export const ImportAreas = () => {
  const t = useText('imports')
  const [looked, setLooked] = useState<Looked>()
  const [faults, setFaults] = useState<readonly FieldError[]>([])
  const refused = (problem: unknown): unknown => {
    if (!(problem instanceof ApiProblem)) return problem
    const lines = problem.errors.filter(({ pointer }) => pointer.startsWith('/lines/'))
    setFaults(lines)
    if (lines.length === 0) return problem
    return new ApiProblem({ status: 400, title: t('areas.faults'), detail: t('areas.faults') })
  }
  return (
    <Page title={t('areas.title')} back={{ href: '/areas', label: t('areas.back') }}>
      {looked ? (
        <Preview looked={looked} again={() => setLooked(undefined)} />
      ) : (
        <Section title={t('areas.label')}>
          <UploadForm<Outcome>
            path={() => `${PATH}?dryRun=true`}
            label={t('upload.label')}
            hint={t('areas.hint')}
            submit={t('areas.look')}
            cancel="/areas"
            refused={refused}
            onDone={(outcome, file) => {
              setFaults([])
              setLooked({ outcome, file })
            }}
          />
          {faults.length > 0 && <Faults faults={faults} />}
        </Section>
      )}
    </Page>
  )
}

const Faults = ({ faults }: { faults: readonly FieldError[] }) => {
  const t = useText('imports')
  return (
    <Section plain title={t('areas.faults')}>
      <p class="an-muted">{t('areas.faultsText')}</p>
      <ul class="an-faults">
        {faults.map(({ pointer, code, detail }) => {
          const [, , line = '', column] = pointer.split('/')
          return (
            <li key={`${pointer} ${code}`}>
              <b>{column ? t('areas.atColumn', { line, column }) : t('areas.at', { line })}</b>{' '}
              <Name>{detail}</Name>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

const Preview = ({ looked: { file, outcome }, again }: { looked: Looked; again: () => void }) => {
  const t = useText('imports')
  const [state, setState] = useState<{ busy?: boolean; done?: Outcome; problem?: ApiProblem }>({})
  const { areas, created, renamed } = state.done ?? outcome
  const run = async (): Promise<void> => {
    setState({ busy: true })
    const { signal } = new AbortController()
    try {
      setState({ done: await upload<Outcome>({ path: PATH, file, onProgress: () => {}, signal }) })
      await changed()
    } catch (problem) {
      setState({ problem: asProblem(problem) })
    }
  }
  const isSame = created + renamed === 0
  return (
    <Section title={t(state.done ? 'areas.done' : 'areas.preview')}>
      {state.problem && <Failure problem={state.problem} />}
      {state.done && <Banner tone="success">{t('areas.done')}</Banner>}
      {isSame && !state.done && <Banner tone="info">{t('areas.same')}</Banner>}
      <Summary
        rows={[
          { label: t('file'), value: <Name>{file.name}</Name> },
          { label: t('areas.total'), value: <Count n={areas} /> },
          { label: t('areas.created'), value: <Count n={created} /> },
          { label: t('areas.renamed'), value: <Count n={renamed} /> },
          { label: t('areas.unchanged'), value: <Count n={areas - created - renamed} /> },
        ]}
      />
      <div class="an-actions">
        {state.done ? (
          <LinkButton href="/areas" kind="primary">
            {t('areas.see')}
          </LinkButton>
        ) : (
          <>
            <Button busy={state.busy} disabled={isSame} onClick={() => void run()}>
              {t('areas.do')}
            </Button>
            <Button kind="secondary" onClick={again}>
              {t('areas.other')}
            </Button>
          </>
        )}
      </div>
    </Section>
  )
}
