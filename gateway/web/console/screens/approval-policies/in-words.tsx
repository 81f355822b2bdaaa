import { Code } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { subjectName } from '../approval-words/subjects.ts'
import { type Tier, useTierWords } from '../approval-words/tier-words.ts'

export type InWordsProps = { subjectType: string; condition: string; tiers: readonly Tier[] }

/** A policy as one would say it: for what, when, and who agrees after whom. */
export const PolicyInWords = ({ subjectType, condition, tiers }: InWordsProps) => {
  const t = useText('approval-policies')
  const words = useTierWords()
  return (
    <div class="ap-stack ap-stack--tight">
      <p>
        {t('words.for')} <strong>{subjectName(subjectType)}</strong>
        {condition.trim() === '' ? (
          <>, {t('words.always')}</>
        ) : (
          <>
            , {t('words.when')} <Code>{condition}</Code>
          </>
        )}
      </p>
      {tiers.length === 0 ? (
        <p class="an-muted">{t('words.nobody')}</p>
      ) : (
        <ol class="ap-list">
          {tiers.map((tier, i) => (
            <li key={i}>
              {words.tier(tier)}
              {(tier.deadlines ?? []).length > 0 && (
                <ul class="ap-list an-muted">
                  {tier.deadlines?.map((deadline, n) => (
                    <li key={n}>{words.deadline(deadline, n === 0)}</li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
