import './programs.scss'
import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Columns, Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { Code, Count, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { Later } from '../../shell/later.tsx'
import { placeOf } from '../../shell/places.ts'
import { ProgramActions } from './actions.tsx'
import { Gives, Rules } from './gives.tsx'
import { type Program, ProgramTag } from './words.tsx'

// Parts of the page that are fetched when somebody turns to them.
const people = () => import('./people.tsx').then(m => m.People)
const cyclesOf = () => import('./cycles-of.tsx').then(m => m.CyclesOf)

/** One program: what it gives to whom, who is in it, and its cycles. */
export const ProgramDetail = ({ params }: ScreenProps) => {
  const code = params.code!
  const {
    data: program,
    problem,
    refresh,
  } = useGet('/api/v1/programs/{code}', { params: { path: { code } } })
  if (problem && (!program || problem.status === 403 || problem.status === 404))
    return <Failure problem={problem} retry={refresh} />
  if (program?.code !== code) return <Loading />
  return <Shown key={code} program={program} />
}

const Shown = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const seesPeople = useMay('enrolment:read')
  const seesCycles = useMay('cycle:read')
  const tabs = [
    { key: 'about', label: t('tabs.about'), content: () => <About program={program} /> },
    ...(seesPeople
      ? [
          {
            key: 'people',
            label: t('tabs.people'),
            content: () => <Later load={people} props={{ program }} />,
          },
        ]
      : []),
    ...(seesCycles
      ? [
          {
            key: 'cycles',
            label: t('tabs.cycles'),
            content: () => <Later load={cyclesOf} props={{ program }} />,
          },
        ]
      : []),
  ]
  return (
    <Page
      title={program.name}
      heading={
        <span class="pr-heading">
          <Name>{program.name}</Name>
          <ProgramTag state={program.state} />
        </span>
      }
      back={{ href: '/programs', label: t('title') }}
      actions={<ProgramActions program={program} />}
    >
      <NextStep program={program} />
      <Counts program={program} />
      <Tabs label={t('tabs.label')} tabs={tabs} />
    </Page>
  )
}

/** What a program that is not running waits for. */
const NextStep = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const maySee = useMay('program:write')
  if (program.state !== 'draft' || !maySee) return null
  return <Banner tone="info">{t('draftHint')}</Banner>
}

const Counts = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const path = { code: program.code }
  const seesPeople = useMay('enrolment:read')
  const counts = useGet(
    '/api/v1/programs/{code}/enrolment-counts',
    { params: { path } },
    { when: seesPeople },
  ).data?.items
  if (!counts) return null
  const of = (status: string) => counts.find(c => c.status === status)?.count ?? 0
  const here = (status: string) => `/programs/${program.code}?tab=people&status=${status}`
  return (
    <Stats label={t('counts')}>
      {(['enrolled', 'suspended', 'exited'] as const).map(status => (
        <Stat
          key={status}
          label={t(`statuses.${status}`)}
          value={<Count n={of(status)} />}
          href={here(status)}
        />
      ))}
    </Stats>
  )
}

const About = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const { code, target, currency, fund } = program
  const fundPlace = fund === null ? undefined : placeOf('fund', fund)
  return (
    <Columns even>
      <div class="pr-stack">
        <Gives program={program} />
        <Rules rules={program.rules} />
      </div>
      <Section title={t('about')}>
        <Summary
          rows={[
            { label: t('code'), value: <Code>{code}</Code> },
            { label: t('target'), value: t(`targets.${target}`) },
            { label: t('currency'), value: <Code>{currency}</Code> },
            {
              label: t('fund'),
              value:
                fund === null ? (
                  t('noFund')
                ) : fundPlace ? (
                  <Link href={fundPlace}>
                    <Code>{fund}</Code>
                  </Link>
                ) : (
                  <Code>{fund}</Code>
                ),
            },
          ]}
        />
        <Asks code={code} />
      </Section>
    </Columns>
  )
}

/** The way to why somebody is in the program, or is not. */
const Asks = ({ code }: { code: string }) => {
  const t = useText('programs')
  const mayAsk = useMay('rule:evaluate')
  if (!mayAsk) return null
  return (
    <div class="an-actions">
      <LinkButton icon="search" href={`/programs/${code}/why`}>
        {t('why.ask')}
      </LinkButton>
    </div>
  )
}
