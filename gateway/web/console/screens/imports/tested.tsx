import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner, type BannerTone } from '../../../ui/components/banner.tsx'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Waiting } from './approval.tsx'
import type { Import } from './model.ts'
import { Numbers, Preview } from './numbers.tsx'

/** What the test of a file found, and the choice of what becomes of it. */
export const Tested = ({ im, mayWrite }: { im: Import; mayWrite: boolean }) => {
  const t = useText('imports')
  const totals = im.totals!
  const outcome = outcomeOf(im)
  return (
    <Section title={t('tested.title')}>
      <div class="an-import-now">
        <Banner tone={TONES[outcome]} title={t(`tested.${outcome}`)}>
          {outcome !== 'clean' && <p>{t(`tested.${outcome}Text`)}</p>}
        </Banner>
        <Numbers totals={totals} when="would" />
        <Waiting im={im} />
        {mayWrite && <Choices im={im} />}
      </div>
    </Section>
  )
}

type OutcomeOfTest = 'clean' | 'partly' | 'nothing'
const TONES: Record<OutcomeOfTest, BannerTone> = { clean: 'success', partly: 'warning', nothing: 'error' }

const outcomeOf = ({ totals }: Import): OutcomeOfTest => {
  const { create, update, leftOut } = totals!
  if (create + update === 0) return 'nothing'
  return leftOut === 0 ? 'clean' : 'partly'
}

const Choices = ({ im }: { im: Import }) => {
  const t = useText('imports')
  const outcome = outcomeOf(im)
  const again = `/imports/${im.reference}/again`
  const state = im.approval?.state
  const isFirst = outcome === 'clean'
  return (
    <div class="an-actions">
      {!isFirst && (
        <LinkButton href={again} kind="primary" icon="upload">
          {t('tested.correct')}
        </LinkButton>
      )}
      {outcome !== 'nothing' &&
        (im.approval === null || im.approval === undefined || state === 'approved') && (
          <Commit im={im} isFirst={isFirst} />
        )}
      {outcome !== 'nothing' && im.approval && state !== 'approved' && state !== 'pending' && (
        <Submit im={im} isFirst={isFirst} />
      )}
      {isFirst && <LinkButton href={again}>{t('again.do')}</LinkButton>}
    </div>
  )
}

type ChoiceProps = { im: Import; isFirst: boolean }

const Commit = ({ im, isFirst }: ChoiceProps) => {
  const t = useText('imports')
  const path = { reference: im.reference }
  const kinds = useGet('/api/v1/imports/{reference}/issue-kinds', { params: { path } })
  const isRepeated = kinds.data?.items.some(({ code }) => code === 'file-imported-before') ?? false
  const leftOut = im.totals!.leftOut
  const commit = useAction({
    act: () =>
      dataOf(
        api.POST('/api/v1/imports/{reference}/commit', {
          params: { path },
          body: { skipInvalid: leftOut > 0, again: isRepeated },
        }),
      ),
    ask: () => ({
      title: t('commit.ask'),
      body: (
        <>
          {isRepeated && <Banner tone="warning">{t('commit.repeated')}</Banner>}
          <Preview totals={im.totals!} />
          <p>{t('commit.text')}</p>
        </>
      ),
      confirm: t('commit.do'),
      ...(isRepeated ? { kind: 'warning' as const } : {}),
    }),
    done: t('commit.begun'),
  })
  return (
    <Button
      kind={isFirst ? 'primary' : 'secondary'}
      busy={commit.busy}
      disabled={!kinds.data}
      onClick={() => void commit.run()}
    >
      {t(leftOut > 0 ? 'commit.others' : 'commit.do')}
    </Button>
  )
}

const Submit = ({ im, isFirst }: ChoiceProps) => {
  const t = useText('imports')
  const path = { reference: im.reference }
  const submit = useAction({
    act: () => dataOf(api.POST('/api/v1/imports/{reference}/submit', { params: { path } })),
    ask: () => ({
      title: t('approval.ask'),
      body: (
        <>
          <Preview totals={im.totals!} />
          <p>{t('approval.text')}</p>
        </>
      ),
      confirm: t('approval.do'),
    }),
    done: t('approval.done'),
  })
  return (
    <Button kind={isFirst ? 'primary' : 'secondary'} busy={submit.busy} onClick={() => void submit.run()}>
      {t('approval.do')}
    </Button>
  )
}
