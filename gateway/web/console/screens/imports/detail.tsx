import './imports.scss'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section, Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { type Text, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { AtWork } from './at-work.tsx'
import { Ended } from './ended.tsx'
import { Issues } from './issues.tsx'
import { fieldLabel, foundOf, type Import, type ImportState, isAtWork, standing } from './model.ts'
import { Refused } from './refused.tsx'
import { StateTag } from './state-tag.tsx'
import { Tested } from './tested.tsx'
import type texts from './texts/en.json'
import { type StepName, Way } from './way.tsx'
import { delimiterName } from './writing.tsx'

const AT_WORK_MS = 4000
const WAITING_MS = 15_000

/** One import: what state it is in, and what is to be done next. */
export const ImportDetail = ({ params }: ScreenProps) => {
  const reference = params.reference!
  const { data, problem, refresh } = useGet(
    '/api/v1/imports/{reference}',
    { params: { path: { reference } } },
    {
      every: im =>
        im && isAtWork(im.state) ? AT_WORK_MS : im?.approval?.state === 'pending' ? WAITING_MS : false,
    },
  )
  if (problem && !data) return <Failure problem={problem} retry={refresh} />
  return data ? <Shown im={data} /> : <Loading />
}

const Shown = ({ im }: { im: Import }) => {
  const t = useText('imports')
  const mayReadJobs = useMay('job:read')
  const { data: job } = useGet(
    '/api/v1/jobs/{reference}',
    { params: { path: { reference: im.job } } },
    { when: mayReadJobs },
  )
  const state = standing(im.state, job?.reference === im.job ? job : undefined)
  return (
    <Page
      title={im.fileName}
      heading={<Name>{im.fileName}</Name>}
      back={{ href: '/imports', label: t('title') }}
      lead={<StateTag state={state} />}
    >
      <Way {...placeOf(state, im)} />
      <Now im={im} state={state} undoFailed={job?.kind === 'imports.undo' && job.state === 'failed'} />
      {im.totals !== null && !isAtWork(state) && <Issues im={im} />}
      <Section title={t('about')}>
        <Summary rows={rowsOf(im, t)} />
      </Section>
    </Page>
  )
}

const placeOf = (state: ImportState, im: Import): { at: StepName | 'done'; isBlocked?: boolean } => {
  if (state === 'testing') return { at: 'test' }
  if (state === 'refused') return { at: 'columns', isBlocked: true }
  if (state === 'cancelled') return { at: 'test', isBlocked: true }
  if (state === 'tested') return { at: 'check', isBlocked: (im.totals?.leftOut ?? 0) > 0 }
  if (state === 'paused') return { at: 'import', isBlocked: true }
  if (state === 'undone') return { at: 'import', isBlocked: true }
  return { at: state === 'committing' ? 'import' : 'done' }
}

const Now = ({ im, state, undoFailed }: { im: Import; state: ImportState; undoFailed: boolean }) => {
  const t = useText('imports')
  const mayWrite = useMay('import:write')
  if (state === 'testing' || state === 'committing' || state === 'undoing') return <AtWork im={im} />
  if (state === 'tested') return <Tested im={im} mayWrite={mayWrite} />
  if (state === 'refused') return <Refused im={im} mayWrite={mayWrite} />
  if (state === 'cancelled')
    return (
      <Section title={t('cancelled.title')}>
        <p>{t('cancelled.text')}</p>
        {mayWrite && (
          <LinkButton href={`/imports/${im.reference}/again?file=${im.file}`} kind="primary">
            {t('again.do')}
          </LinkButton>
        )}
      </Section>
    )
  return <Ended im={im} state={state} mayWrite={mayWrite} undoFailed={undoFailed} />
}

const rowsOf = (im: Import, t: Text<typeof texts>): SummaryRow[] => {
  const found = foundOf(im)
  const header = found?.header ?? []
  const columns = Object.entries(im.mapping ?? {})
    .map(([key, column]) => ({ key, column }))
    .toSorted((a, b) => header.indexOf(a.column) - header.indexOf(b.column))
  return [
    { label: t('reference'), value: <Ref>{im.reference}</Ref> },
    { label: t('by'), value: <Name>{im.createdBy}</Name> },
    { label: t('at'), value: <Instant iso={im.createdAt} full /> },
    ...(im.finishedAt ? [{ label: t('finishedAt'), value: <Instant iso={im.finishedAt} full /> }] : []),
    ...(found
      ? [
          {
            label: t('writing.title'),
            value: `${t(`encodings.${found.encoding as 'utf-8'}`)} · ${t(`delimiters.${delimiterName(found.delimiter)}`)}`,
          },
        ]
      : []),
    ...(columns.length > 0 ? [{ label: t('columns.used'), value: <Mapped columns={columns} /> }] : []),
    ...(found && found.unmapped.length > 0
      ? [{ label: t('columns.unused'), value: <Names names={found.unmapped} /> }]
      : []),
  ]
}

const Mapped = ({ columns }: { columns: readonly { column: string; key: string }[] }) => (
  <ul class="an-plain-list">
    {columns.map(({ key, column }) => (
      <li key={key}>
        <Name>{column}</Name> – <bdi>{fieldLabel(key)}</bdi>
      </li>
    ))}
  </ul>
)

const Names = ({ names }: { names: readonly string[] }) => (
  <ul class="an-plain-list">
    {names.map(name => (
      <li key={name}>
        <Name>{name}</Name>
      </li>
    ))}
  </ul>
)
