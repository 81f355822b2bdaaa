import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { CopyButton } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { save } from '../audit/save.ts'
import './access.scss'

export type OnceProps = {
  title: string
  secret: string
  /** What it is for, such as whose it is. */
  children?: string
  /** The name of the file that it is saved as; it cannot be saved without one. */
  file?: string
  onKept: () => void
}

/** A secret that is shown once: to be copied or saved, and to be said that it was. */
export const Once = ({ title, secret, children, file, onKept }: OnceProps) => {
  const t = useText('access')
  return (
    <Banner tone="success" title={title}>
      <div class="an-once">
        {children !== undefined && (
          <p>
            <bdi>{children}</bdi>
          </p>
        )}
        <div class="an-actions">
          <bdi class="an-once__secret" dir="ltr" data-secret>
            {secret}
          </bdi>
          <CopyButton text={secret} label={t('once.copy')} />
        </div>
        <p>{t('once.text')}</p>
        <div class="an-actions">
          <Button onClick={onKept}>{t('once.confirm')}</Button>
          {file !== undefined && (
            <Button kind="secondary" icon="download" onClick={() => save(file, `${secret}\n`, 'text/plain')}>
              {t('once.download')}
            </Button>
          )}
        </div>
      </div>
    </Banner>
  )
}
