import { useText } from '../../../ui/i18n/index.ts'
import { TEMPLATE } from './template.ts'

/** What kind of file is taken, with one to fill in. */
export const CsvHint = () => {
  const t = useText('imports')
  return (
    <>
      {t('upload.hint')}{' '}
      <a class="govuk-link" href={TEMPLATE} download>
        {t('template')}
      </a>
    </>
  )
}
