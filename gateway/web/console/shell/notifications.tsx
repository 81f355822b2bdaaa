import { Link } from 'wouter-preact'
import { useAction } from '../../ui/api/action.ts'
import { useGet } from '../../ui/api/queries.ts'
import { Button } from '../../ui/components/button.tsx'
import { Empty, Failure, Loading } from '../../ui/components/states.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { markRead, NotificationRow } from './notification-view.tsx'
import { useTexts } from './use-texts.ts'

const SHOWN = 8

/** The latest notifications, in the panel of the bell. */
export const Latest = ({ close }: { close: () => void }) => {
  const t = useText('notifications')
  const hasWords = useTexts('jobs')
  const { data, problem, refresh } = useGet('/api/v1/notifications', { params: { query: { limit: SHOWN } } })
  const readAll = useAction({ act: (upTo: string) => markRead({ upTo }) })
  const newest = data?.items[0]
  return (
    <>
      <div class="an-popover__head">
        <h2 class="an-popover__title">{t('title')}</h2>
        <Link class="an-popover__more" href="/notifications" onClick={close}>
          {t('all')}
        </Link>
      </div>
      {problem && !data && <Failure problem={problem} retry={refresh} />}
      {!problem && !(data && hasWords) && <Loading lines={3} />}
      {data?.items.length === 0 && (
        <Empty icon="done" title={t('none')}>
          {t('noneHint')}
        </Empty>
      )}
      {newest && hasWords && (
        <ul class="an-news-list">
          {data?.items.map(said => (
            <NotificationRow key={said.id} said={said} opened={close} />
          ))}
        </ul>
      )}
      {newest && data.unread > 0 && (
        <div class="an-popover__foot">
          <Button
            kind="quiet"
            icon="check"
            busy={readAll.busy}
            onClick={() => void readAll.run(newest.createdAt)}
          >
            {t('readAll')}
          </Button>
        </div>
      )}
    </>
  )
}
