import { useId, useState } from 'preact/hooks'
import { serverNow } from '../../../ui/api/clock.ts'
import { Button } from '../../../ui/components/button.tsx'
import { CopyButton, Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'

type Props = { codes: readonly string[]; username: string; onDone: () => void }

/** Recovery codes, shown this once: one goes on after saying that they are kept. */
export const RecoveryCodes = ({ codes, username, onDone }: Props) => {
  const t = useText('account')
  const format = useFormat()
  const id = useId()
  const [isKept, setKept] = useState(false)
  const today = new Date(serverNow()).toISOString().slice(0, 10)
  const save = () => {
    const text = [t('codes.file', { username, day: today }), '', ...codes, ''].join('\r\n')
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
    const link = Object.assign(document.createElement('a'), {
      href: url,
      download: 'annona-recovery-codes.txt',
    })
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <div class="an-stack">
      <p>{t('codes.text')}</p>
      <section class="an-codes" aria-label={t('codes.title')}>
        <p class="an-codes__of">
          {t('codes.of')} <Name>{username}</Name>, {format.day(today)}
        </p>
        <ol class="an-codes__list" dir="ltr">
          {codes.map(code => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
      </section>
      <div class="an-actions">
        <Button kind="secondary" icon="download" onClick={save}>
          {t('codes.download')}
        </Button>
        <Button kind="secondary" icon="file" onClick={() => print()}>
          {t('codes.print')}
        </Button>
        <CopyButton text={codes.join('\n')} label={t('codes.copy')} />
      </div>
      <div class="govuk-checkboxes">
        <div class="govuk-checkboxes__item">
          <input
            type="checkbox"
            class="govuk-checkboxes__input"
            id={id}
            checked={isKept}
            onChange={event => setKept(event.currentTarget.checked)}
          />
          <label class="govuk-label govuk-checkboxes__label" for={id}>
            {t('codes.kept')}
          </label>
        </div>
      </div>
      <div class="an-actions">
        <Button disabled={!isKept} onClick={onDone}>
          {t('codes.done')}
        </Button>
      </div>
    </div>
  )
}
