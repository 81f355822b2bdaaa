import { Link } from 'wouter-preact'
import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Instant } from '../../../ui/components/text.tsx'
import { Timeline, type TimelineItem } from '../../../ui/components/timeline.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { Who } from '../deeds/sentence.tsx'
import { Changed } from '../deeds/values.tsx'
import { deedOf } from '../deeds/words.ts'

type Change = RowOf<'/api/v1/history/{name}/changes'>

/** Who changed what of a thing, newest first. */
export const Changes = ({ name }: { name: string }) => {
  const t = useText('history')
  const mayAudit = useMay('audit:read')
  const list = useList('/api/v1/history/{name}/changes', { path: { name }, prefix: 'changes-' })
  const { rows, problem } = list
  if (problem && !rows) return <Failure problem={problem} retry={() => list.refresh()} />
  if (!rows) return <Loading />
  if (rows.length === 0) return <Empty icon="clock" title={t('noChanges')} />
  return (
    <>
      <Timeline label={t('changes')} items={rows.map(change => itemOf(change, t, mayAudit))} />
      <div class="an-actions">
        {list.hasPrevious && (
          <Button kind="secondary" icon="previous" onClick={() => list.previous()}>
            {t('newer')}
          </Button>
        )}
        {list.hasNext && (
          <Button kind="secondary" icon="next" onClick={() => list.next()}>
            {t('older')}
          </Button>
        )}
      </div>
    </>
  )
}

const itemOf = (
  change: Change,
  t: ReturnType<typeof useText<'history'>>,
  mayAudit: boolean,
): TimelineItem => ({
  key: change.entry,
  at: change.at,
  title: (
    <>
      <Who actor={change.actor} /> {deedOf(change.action)}
    </>
  ),
  children: (
    <>
      <p>
        <Instant iso={change.at} full />
        {change.onBehalfOf !== null && (
          <>
            {' · '}
            {t('onBehalfOf')} <bdi>{change.onBehalfOf}</bdi>
          </>
        )}
        {change.reason !== null && (
          <>
            {' · '}
            {t('reason')}: <bdi>{change.reason}</bdi>
          </>
        )}
        {mayAudit && (
          <>
            {' · '}
            <Link class="govuk-link" href={`/audit/${change.entry}`}>
              {t('entry')}
            </Link>
          </>
        )}
      </p>
      {change.changes.length > 0 && (
        <Changed before={valuesOf(change, 'before')} after={valuesOf(change, 'after')} />
      )}
    </>
  ),
})

const valuesOf = ({ changes }: Change, side: 'before' | 'after'): Record<string, unknown> =>
  Object.fromEntries(changes.map(change => [change.field, change[side]]))
