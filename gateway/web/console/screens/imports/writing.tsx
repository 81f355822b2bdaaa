import { useId } from 'preact/hooks'
import { LinkButton } from '../../../ui/components/button.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Inspection, Writing } from './inspection.ts'

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export const DELIMITERS = [',', ';', '\t', '|'] as const
const DELIMITER_NAMES = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const

/** What separates the cells of a file, in words. */
export const delimiterName = (
  delimiter: string,
): (typeof DELIMITER_NAMES)[','] | 'semicolon' | 'tab' | 'bar' => DELIMITER_NAMES[delimiter as ','] ?? 'comma'

type Props = {
  inspection: Inspection
  writing: Writing
  choose: (writing: Writing) => void
  otherFile: string
}

/** How the file is written, as it was found out, to be corrected where letters look wrong. */
export const WritingChoice = ({ inspection, writing, choose, otherFile }: Props) => {
  const t = useText('imports')
  return (
    <>
      <div class="an-filters__fields">
        <Choice
          label={t('writing.encoding')}
          value={writing.encoding ?? inspection.encoding}
          options={ENCODINGS.map(value => ({ value, label: t(`encodings.${value}`) }))}
          choose={encoding => choose({ ...writing, encoding } as Writing)}
        />
        <Choice
          label={t('writing.delimiter')}
          value={writing.delimiter ?? inspection.delimiter}
          options={DELIMITERS.map(value => ({ value, label: t(`delimiters.${delimiterName(value)}`) }))}
          choose={delimiter => choose({ ...writing, delimiter } as Writing)}
        />
      </div>
      <p class="an-muted">{t('writing.hint')}</p>
      <LinkButton href={otherFile} kind="quiet" icon="upload">
        {t('upload.other')}
      </LinkButton>
    </>
  )
}

type ChoiceProps = {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  choose: (value: string) => void
}

const Choice = ({ label, value, options, choose }: ChoiceProps) => {
  const id = useId()
  return (
    <div class="an-filters__field">
      <label class="govuk-label" for={id}>
        {label}
      </label>
      <select
        id={id}
        class="govuk-select"
        value={value}
        onChange={event => choose(event.currentTarget.value)}
      >
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
