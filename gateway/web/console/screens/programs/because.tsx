import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { Code } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** A rule, or a part of one: what it came to, and why. */
export type Explanation = {
  text: string
  outcome: 'true' | 'false' | 'unknown'
  value?: string
  because: string
  children: Explanation[]
}

const TONES: Record<Explanation['outcome'], Tone> = { true: 'good', false: 'bad', unknown: 'warning' }

/** Rules with what each came to; the parts that decided it are opened one by one. */
export const Parts = ({ parts }: { parts: readonly Explanation[] }) => {
  const t = useText('programs')
  return (
    <div>
      {parts.map((part, at) => (
        <div class="pr-because" key={at}>
          <div class="pr-because__head">
            {part.value === undefined ? (
              <Tag tone={TONES[part.outcome]}>{t(`outcomes.${part.outcome}`)}</Tag>
            ) : (
              <Tag tone="neutral">{part.value}</Tag>
            )}
            <Code>{part.text}</Code>
          </div>
          {/* The server explains in English. */}
          <p lang="en" dir="auto">
            {part.because}
          </p>
          {part.children.length > 0 && (
            <details open={parts.length === 1 && part.children.some(({ value }) => value === undefined)}>
              <summary>{t('why.parts', { count: part.children.length })}</summary>
              <Parts parts={part.children} />
            </details>
          )}
        </div>
      ))}
    </div>
  )
}
