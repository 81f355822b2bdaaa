import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Count } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { JobProgress } from '../../shell/job-progress.tsx'
import type { Import, ImportState } from './model.ts'
import { Numbers, Preview } from './numbers.tsx'

type Props = { im: Import; state: ImportState; mayWrite: boolean; undoFailed: boolean }

/** An import that is in the registry, wholly or partly, or was. */
export const Ended = ({ im, state, mayWrite, undoFailed }: Props) => {
  const t = useText('imports')
  const mayRead = useMay('registrant:read')
  const ended = state as 'committed' | 'paused' | 'undone'
  const people = (
    <LinkButton
      href={`/registrants?import=${im.reference}`}
      kind={ended === 'committed' ? 'primary' : 'secondary'}
      icon="user"
    >
      {t('ended.people')}
    </LinkButton>
  )
  return (
    <Section title={t(`states.${ended}`)}>
      <div class="an-import-now">
        <Banner tone={TONES[ended]} title={t(`ended.${ended}`)}>
          <p>{t(`ended.${ended}Text`)}</p>
        </Banner>
        {undoFailed && ended !== 'undone' && (
          <Banner tone="error" title={t('undo.refused')}>
            <p>{t('undo.refusedText')}</p>
          </Banner>
        )}
        {ended === 'committed' && <Numbers totals={im.totals!} when="did" />}
        {ended === 'paused' && <JobProgress reference={im.job} />}
        <div class="an-actions">
          {ended === 'paused' && mayWrite && <GoOn im={im} />}
          {mayRead && im.totals!.create > 0 && people}
          {ended !== 'undone' && mayWrite && <Undo im={im} />}
          {ended === 'undone' && mayWrite && <LinkButton href="/imports/new">{t('new')}</LinkButton>}
        </div>
      </div>
    </Section>
  )
}

const TONES = { committed: 'success', paused: 'warning', undone: 'info' } as const

const GoOn = ({ im }: { im: Import }) => {
  const t = useText('imports')
  const path = { reference: im.reference }
  const commit = useAction({
    // It was agreed to when it began: what it left out stays out.
    act: () =>
      dataOf(
        api.POST('/api/v1/imports/{reference}/commit', {
          params: { path },
          body: { skipInvalid: true, again: true },
        }),
      ),
    ask: () => ({
      title: t('goOn.ask'),
      body: <Preview totals={im.totals!} />,
      confirm: t('goOn.do'),
    }),
    done: t('commit.begun'),
  })
  return (
    <Button busy={commit.busy} onClick={() => void commit.run()}>
      {t('goOn.do')}
    </Button>
  )
}

const Undo = ({ im }: { im: Import }) => {
  const t = useText('imports')
  const path = { reference: im.reference }
  const { create, update } = im.totals!
  const undo = useAction({
    act: () => dataOf(api.POST('/api/v1/imports/{reference}/undo', { params: { path } })),
    ask: () => ({
      title: t('undo.ask'),
      body: (
        <>
          <Summary
            rows={[
              { label: t('undo.disabled'), value: <Count n={create} /> },
              { label: t('undo.restored'), value: <Count n={update} /> },
            ]}
          />
          <p>{t('undo.text')}</p>
        </>
      ),
      confirm: t('undo.do'),
      kind: 'warning',
      typed: im.reference,
    }),
    done: t('undo.begun'),
  })
  return (
    <Button kind="warning" busy={undo.busy} onClick={() => void undo.run()}>
      {t('undo.do')}
    </Button>
  )
}
