import { useState } from 'preact/hooks'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Money } from '../../../ui/components/text.tsx'
import { loadTexts, useText } from '../../../ui/i18n/index.ts'
import { useStore } from '../../../ui/store.ts'
import { useMay } from '../../may.ts'
import { JobProgress } from '../../shell/job-progress.tsx'
import { isOver } from '../../shell/jobs.ts'
import { Later } from '../../shell/later.tsx'
import { myJobs } from '../../shell/live.ts'
import { totalsOf, useEnrolled } from './path.ts'
import { CardsButton, MakeBatch } from './pay-actions.tsx'
import type { Cycle } from './words.tsx'

// Parts that are fetched when they are needed, the last one with what it says.
const prepareDialog = () => import('./prepare.tsx').then(m => m.PrepareDialog)
const submitDialog = () => import('./submit.tsx').then(m => m.SubmitDialog)
const tiers = () =>
  Promise.all([import('../approvals/tiers.tsx'), loadTexts('approvals', 'approval-words', 'access')]).then(
    ([{ Tiers }]) => Tiers,
  )

/** States of a batch that is on its way to the bank. */
const OPEN_BATCHES: readonly string[] = ['draft', 'submitted', 'approved', 'sending']

type Props = { cycle: Cycle; isBeingPrepared: boolean }

/** The one thing to do next with a cycle. */
export const Next = ({ cycle, isBeingPrepared }: Props) => {
  const [asked, setAsked] = useState<string>()
  // Also after a reload: one's own work on this cycle that goes on.
  const running = useStore(myJobs).find(
    job => job.subject?.reference === cycle.reference && job.kind === 'programs.prepare' && !isOver(job),
  )
  const job = asked ?? running?.reference
  return (
    <>
      {job && <JobProgress reference={job} onDone={() => void changed()} />}
      {(cycle.state === 'draft' || cycle.state === 'prepared') && (
        <BeforeApproval cycle={cycle} isBusy={isBeingPrepared} onJob={setAsked} />
      )}
      {cycle.state === 'submitted' && <WaitsForApproval cycle={cycle} />}
      {(cycle.state === 'approved' || cycle.state === 'distributing') && <Giving cycle={cycle} />}
    </>
  )
}

type BeforeProps = { cycle: Cycle; isBusy: boolean; onJob: (reference: string) => void }

const BeforeApproval = ({ cycle, isBusy, onJob }: BeforeProps) => {
  const t = useText('cycles')
  const mayPrepare = useMay('cycle:prepare')
  const enrolled = useEnrolled(cycle)
  const [open, setOpen] = useState<'prepare' | 'submit'>()
  const onClose = () => setOpen(undefined)
  const { entitlements, exceptions } = totalsOf(cycle)
  const isPrepared = cycle.state === 'prepared'
  const canSubmit = isPrepared && entitlements > 0
  const text = isBusy
    ? t('next.preparing')
    : !isPrepared
      ? t(enrolled === 0 ? 'next.nobody' : 'next.prepare')
      : !canSubmit
        ? t('next.nothing')
        : t(exceptions > 0 ? 'next.exceptions' : 'next.submit')
  return (
    <Section title={t('next.title')}>
      <p class="cy-lead">{text}</p>
      {mayPrepare && (
        <div class="an-actions">
          {canSubmit && <Button onClick={() => setOpen('submit')}>{t('submit.do')}</Button>}
          {enrolled === 0 ? (
            <LinkButton kind="primary" href={`/programs/${cycle.program}?tab=people`}>
              {t('next.enrol')}
            </LinkButton>
          ) : (
            <Button kind={canSubmit ? 'secondary' : 'primary'} onClick={() => setOpen('prepare')}>
              {t(isPrepared || isBusy ? 'prepare.again' : 'prepare.do')}
            </Button>
          )}
          {exceptions > 0 && isPrepared && (
            <LinkButton href={`/cycles/${cycle.reference}?tab=differences&d-kind=exception`}>
              {t('next.seeExceptions')}
            </LinkButton>
          )}
        </div>
      )}
      {open === 'prepare' && <Later load={prepareDialog} props={{ cycle, onJob, onClose }} until="" />}
      {open === 'submit' && <Later load={submitDialog} props={{ cycle, onClose }} until="" />}
    </Section>
  )
}

/** Who has to decide, and the way to the request. */
const WaitsForApproval = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const maySee = useMay('approval:read')
  const reference = cycle.approval ?? ''
  const { data: approval } = useGet(
    '/api/v1/approvals/{reference}',
    { params: { path: { reference } } },
    { when: maySee && reference !== '', every: 10_000 },
  )
  const mayDecide = approval?.options.includes('decide') ?? false
  return (
    <>
      <Section title={t('next.title')}>
        <p class="cy-lead">{t(mayDecide ? 'next.decide' : 'next.waits')}</p>
        {maySee && reference !== '' && (
          <div class="an-actions">
            <LinkButton kind={mayDecide ? 'primary' : 'secondary'} href={`/approvals/${reference}`}>
              {t(mayDecide ? 'next.toDecision' : 'next.toRequest')}
            </LinkButton>
          </div>
        )}
      </Section>
      {approval && <Later load={tiers} props={{ approval }} />}
    </>
  )
}

/** The payment batch of a cycle that somebody has still something to do with; undefined when there is none. */
const useUnderWay = ({ reference }: Cycle) => {
  const when = useMay('payment:read')
  const query = { cycle: reference, limit: 20 }
  const { data } = useGet('/api/v1/payment-batches', { params: { query } }, { when })
  const batch = data?.items.find(({ state }) => OPEN_BATCHES.includes(state))
  return batch && { reference: batch.reference, amount: batch.total, currency: batch.currency }
}

const Giving = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const mayPay = useMay('payment:write')
  const underWay = useUnderWay(cycle)
  const { cash } = totalsOf(cycle)
  const givesGoods = cycle.totals.some(({ kind }) => kind === 'in_kind')
  return (
    <Section title={t('next.title')}>
      {cash && (
        <p class="cy-lead">
          {underWay ? t('next.underWay') : t('next.pay')} <Money {...(underWay ?? cash)} />
        </p>
      )}
      {givesGoods && <p class="cy-lead">{t('next.handOut')}</p>}
      <div class="an-actions">
        {underWay && (
          <LinkButton kind="primary" href={`/payment-batches/${underWay.reference}`}>
            {t('next.toBatch')}
          </LinkButton>
        )}
        {cash && mayPay && <MakeBatch cycle={cycle} kind={underWay ? 'secondary' : 'primary'} />}
        <CardsButton cycle={cycle} />
      </div>
    </Section>
  )
}
