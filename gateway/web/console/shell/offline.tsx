import { connection } from '../../ui/api/session.ts'
import { Icon } from '../../ui/components/icon.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { useStore } from '../../ui/store.ts'
import { reachNow } from './live-connection.ts'

/** Says over every page that the server cannot be reached, for as long as it cannot. */
export const OfflineBanner = () => {
  const t = useText('shell')
  const isOffline = useStore(connection) === 'offline'
  return (
    <div class="an-offline" role="status">
      {isOffline && (
        <p class="an-offline__text">
          <Icon name="offline" />
          <span>{t('offline.text')}</span>
          <button type="button" class="an-offline__retry" onClick={reachNow}>
            {t('offline.retry')}
          </button>
        </p>
      )}
    </div>
  )
}
