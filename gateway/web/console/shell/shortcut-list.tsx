import { may, meNow } from '../../ui/api/session.ts'
import { Dialog } from '../../ui/components/dialog.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { navigation } from '../routes.ts'

const Keys = ({ keys, children }: { keys: readonly string[]; children: string }) => (
  <div class="an-keys__row">
    <dt>
      {keys.map(key => (
        <kbd key={key}>{key}</kbd>
      ))}
    </dt>
    <dd>{children}</dd>
  </div>
)

/** What one can do by keys alone. */
export const ShortcutList = ({ close }: { close: () => void }) => {
  const t = useText('shell')
  const places = navigation.filter(({ letter, permission }) => letter && may(meNow(), permission))
  return (
    <Dialog title={t('keys.title')} open onClose={close}>
      <div class="an-keys">
        <section>
          <h3 class="an-keys__heading">{t('keys.everywhere')}</h3>
          <dl>
            <Keys keys={['/']}>{t('keys.search')}</Keys>
            <Keys keys={['?']}>{t('keys.list')}</Keys>
            <Keys keys={['Esc']}>{t('keys.close')}</Keys>
          </dl>
          <h3 class="an-keys__heading">{t('keys.tables')}</h3>
          <dl>
            <Keys keys={['j', 'k']}>{t('keys.rows')}</Keys>
            <Keys keys={['x']}>{t('keys.select')}</Keys>
            <Keys keys={['Enter']}>{t('keys.open')}</Keys>
          </dl>
        </section>
        <section>
          <h3 class="an-keys__heading">{t('keys.go')}</h3>
          <dl>
            {places.map(({ key, letter }) => (
              <Keys key={key} keys={['g', letter!]}>
                {t(`nav.${key}`)}
              </Keys>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}
