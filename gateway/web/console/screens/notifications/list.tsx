import { useAction } from '../../../ui/api/action.ts'
import { serverNow } from '../../../ui/api/clock.ts'
import { useList } from '../../../ui/api/list.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useStore } from '../../../ui/store.ts'
import { unread } from '../../shell/live.ts'
import { markRead, NotificationRow } from '../../shell/notification-view.tsx'

/** Everything that one was told, newest first. */
export const NotificationList = () => {
  const t = useText('notifications')
  const list = useList('/api/v1/notifications', { filters: ['unread'] })
  const left = useStore(unread)
  const readAll = useAction({ act: () => markRead({ upTo: new Date(serverNow()).toISOString() }) })
  const isUnreadOnly = list.filters.unread === 'true'
  const rows = list.rows
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          <Button
            kind="secondary"
            aria-pressed={isUnreadOnly}
            icon={isUnreadOnly ? 'check' : 'filter'}
            onClick={() => list.setFilter('unread', isUnreadOnly ? undefined : 'true')}
          >
            {t('onlyUnread')}
          </Button>
          {left > 0 && (
            <Button kind="secondary" icon="check" busy={readAll.busy} onClick={() => void readAll.run()}>
              {t('readAll')}
            </Button>
          )}
        </>
      }
    >
      {list.problem && !rows && <Failure problem={list.problem} retry={() => list.refresh()} />}
      {list.isLoading && <Loading />}
      {rows?.length === 0 && (
        <Empty icon="done" title={isUnreadOnly ? t('nothingUnread') : t('none')}>
          {t('noneHint')}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <ul class="an-news-list an-news-list--page">
          {rows.map(said => (
            <NotificationRow key={said.id} said={said} />
          ))}
        </ul>
      )}
      {(list.hasNext || list.hasPrevious) && (
        <nav class="an-actions" aria-label={t('pages')}>
          <Button
            kind="secondary"
            icon="previous"
            disabled={!list.hasPrevious}
            onClick={() => list.previous()}
          >
            {t('newer')}
          </Button>
          <Button kind="secondary" icon="next" disabled={!list.hasNext} onClick={() => list.next()}>
            {t('older')}
          </Button>
        </nav>
      )}
    </Page>
  )
}
