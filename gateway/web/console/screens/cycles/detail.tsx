import './cycles.scss'
import { useEffect, useRef } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Steps } from '../../../ui/components/steps.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { Code, Day, Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { Later } from '../../shell/later.tsx'
import { placeOf } from '../../shell/places.ts'
import { CycleMenu } from './cycle-menu.tsx'
import { Next } from './next.tsx'
import { useSteps } from './path.ts'
import { Totals } from './totals.tsx'
import { type Cycle, CycleTag } from './words.tsx'

// Parts of the page that are fetched when somebody turns to them.
const payTab = () => import('./pay.tsx').then(m => m.PayTab)
const entitlementsTab = () => import('./entitlements.tsx').then(m => m.EntitlementsTab)
const differencesTab = () => import('./differences.tsx').then(m => m.DifferencesTab)

const SOON_MS = 3_000
const LATER_MS = 15_000

/** What others do to a cycle is seen without asking: soon while it waits for them, later while it is being given. */
const often = (cycle: Cycle | undefined): number | false => {
  if (!cycle) return false
  if (cycle.state === 'submitted' || isBeingPrepared(cycle)) return SOON_MS
  return ['prepared', 'approved', 'distributing'].includes(cycle.state) ? LATER_MS : false
}

/** Its preparation was asked for and is not there yet. */
const isBeingPrepared = ({ state, evaluationDate }: Cycle): boolean =>
  state === 'draft' && evaluationDate !== null

/** One cycle: how far it is, what comes next, and what it gives to whom. */
export const CycleDetail = ({ params }: ScreenProps) => {
  const reference = params.reference!
  const { data, problem, refresh } = useGet(
    '/api/v1/cycles/{reference}',
    { params: { path: { reference } } },
    { every: often },
  )
  const state = useRef(data?.state)
  useEffect(() => {
    // Somebody moved it: what else is on the page is of before.
    if (state.current !== undefined && data && state.current !== data.state) void changed()
    state.current = data?.state
  }, [data?.state])
  if (problem && (!data || problem.status === 403 || problem.status === 404))
    return <Failure problem={problem} retry={refresh} />
  if (data?.reference !== reference) return <Loading />
  return <Shown key={reference} cycle={data} />
}

const Shown = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const seesEntitlements = useMay('entitlement:read')
  const steps = useSteps(cycle)
  const isPrepared = cycle.state !== 'draft'
  const isDue = ['approved', 'distributing', 'closed'].includes(cycle.state)
  const tabs = [
    { key: 'about', label: t('tabs.about'), content: () => <About cycle={cycle} /> },
    ...(isDue
      ? [{ key: 'pay', label: t('tabs.pay'), content: () => <Later load={payTab} props={{ cycle }} /> }]
      : []),
    ...(isPrepared && seesEntitlements
      ? [
          {
            key: 'entitlements',
            label: t('entitlements'),
            content: () => <Later load={entitlementsTab} props={{ cycle }} />,
          },
        ]
      : []),
    ...(isPrepared
      ? [
          {
            key: 'differences',
            label: t('tabs.differences'),
            content: () => <Later load={differencesTab} props={{ cycle }} />,
          },
        ]
      : []),
  ]
  return (
    <Page
      title={`${cycle.name}, ${cycle.programName}`}
      heading={
        <span class="cy-heading">
          <Name>{cycle.name}</Name>
          <CycleTag state={cycle.state} />
        </span>
      }
      lead={<ProgramLink cycle={cycle} />}
      back={{ href: '/cycles', label: t('title') }}
      actions={<CycleMenu cycle={cycle} />}
    >
      <Steps label={t('steps.label')} steps={steps} />
      <Remark cycle={cycle} />
      <Next cycle={cycle} isBeingPrepared={isBeingPrepared(cycle)} />
      <Tabs label={t('tabs.label')} tabs={tabs} />
    </Page>
  )
}

const ProgramLink = ({ cycle }: { cycle: Cycle }) => {
  const href = placeOf('program', cycle.program)
  return href ? (
    <Link href={href}>
      <Name>{cycle.programName}</Name>
    </Link>
  ) : (
    <Name>{cycle.programName}</Name>
  )
}

/** What somebody said when they gave it back, cancelled it, or left people out. */
const Remark = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const { state, comment } = cycle
  if (!comment) return null
  const said =
    state === 'cancelled' ? 'cancelled' : state === 'prepared' || state === 'draft' ? 'returned' : 'leftOut'
  return (
    <Banner tone={said === 'leftOut' ? 'info' : 'warning'} title={t(`remarks.${said}`)}>
      <p class="cy-said">
        <Name>{comment}</Name>
      </p>
    </Banner>
  )
}

const About = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const deeds = (['prepared', 'submitted', 'approved'] as const).flatMap(deed => {
    const done = cycle[deed]
    return done ? [{ deed, ...done }] : []
  })
  return (
    <div class="cy-stack">
      {cycle.state !== 'draft' && <Totals cycle={cycle} />}
      <Section title={t('about')}>
        <Summary
          rows={[
            { label: t('reference'), value: <Ref>{cycle.reference}</Ref> },
            { label: t('code'), value: <Code>{cycle.code}</Code> },
            {
              label: t('valid'),
              value: (
                <>
                  <Day iso={cycle.validFrom} /> – <Day iso={cycle.validUntil} />
                </>
              ),
            },
            ...(cycle.evaluationDate
              ? [{ label: t('evaluatedOn'), value: <Day iso={cycle.evaluationDate} /> }]
              : []),
            ...deeds.map(({ deed, by, at }) => ({
              label: t(`deeds.${deed}`),
              value: (
                <>
                  <Name>{by}</Name> · <Instant iso={at} full />
                </>
              ),
            })),
            ...(cycle.digest ? [{ label: t('digest'), value: <Code>{cycle.digest}</Code> }] : []),
          ]}
        />
      </Section>
      {cycle.rules.length > 0 && (
        <Section title={t('rules')}>
          {cycle.rules.map(rule => (
            <pre class="cy-snippet" dir="ltr" key={rule}>
              {rule}
            </pre>
          ))}
        </Section>
      )}
    </div>
  )
}
