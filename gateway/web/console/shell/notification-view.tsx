import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../ui/api/client.ts'
import { type AnswerOf, queries } from '../../ui/api/queries.ts'
import { Icon, type IconName } from '../../ui/components/icon.tsx'
import { Instant } from '../../ui/components/text.tsx'
import { textOr, useText } from '../../ui/i18n/index.ts'
import { kindOf } from './jobs.ts'
import { unread } from './live.ts'
import { placeOf } from './places.ts'

export type Notification = AnswerOf<'/api/v1/notifications'>['items'][number]

/** Marks notifications as read: some, or all up to a moment. */
export const markRead = async (which: { ids: string[] } | { upTo: string }): Promise<void> => {
  const { unread: left } = await dataOf(api.POST('/api/v1/notifications/read', { body: which }))
  unread.set(left)
  await queries.invalidateQueries({ queryKey: ['/api/v1/notifications'] })
}

const ICONS: Record<string, IconName> = {
  'job-succeeded': 'done',
  'job-failed': 'error',
  'approval-waiting': 'clock',
  'approval-approved': 'done',
  'approval-rejected': 'close',
  'approval-returned': 'back',
  'approval-expired': 'alert',
  'approval-bypassed': 'alert',
  'approval-to-review': 'alert',
}

/** What it says, in words. Of a kind that is not known yet it says that there is news of something. */
const wordsOf = ({ kind, subject, params }: Notification): string => {
  const values = {
    subject: params.subject ?? subject.reference,
    thing: textOr('shell', `kinds.${params.subjectType}`, ''),
    work: params.kind ? kindOf(params.kind) : '',
  }
  const key = params.as ? `${kind}-${params.as}` : kind
  return textOr(
    'notifications',
    `kinds.${key}`,
    textOr('notifications', 'other', kind, { subject: subject.reference }),
    values,
  )
}

/** One of them: opening it marks it as read. */
export const NotificationRow = ({ said, opened }: { said: Notification; opened?: () => void }) => {
  const t = useText('notifications')
  const [, go] = useLocation()
  const href = placeOf(said.subject.type, said.subject.reference)
  const open = () => {
    if (!said.readAt) void markRead({ ids: [said.id] }).catch(() => undefined)
    opened?.()
    if (href) go(href)
  }
  return (
    <li class={said.readAt ? 'an-news' : 'an-news an-news--unread'}>
      <button type="button" class="an-news__open" onClick={open}>
        <Icon name={ICONS[said.kind] ?? 'info'} />
        <span class="an-news__text">
          {!said.readAt && <span class="govuk-visually-hidden">{t('isUnread')} </span>}
          <bdi>{wordsOf(said)}</bdi>
          <span class="an-news__when">
            <Instant iso={said.createdAt} />
          </span>
        </span>
      </button>
    </li>
  )
}
