import { useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Target } from './words.tsx'

/** Rules that many programs have, by what they are called in the texts. */
const EXAMPLES: Record<Target, readonly { key: keyof typeof RULES }[]> = {
  group: [
    { key: 'children' },
    { key: 'elderly' },
    { key: 'large' },
    { key: 'womanHead' },
    { key: 'everybody' },
  ],
  individual: [{ key: 'adult' }, { key: 'woman' }, { key: 'young' }, { key: 'everybody' }],
}
const RULES = {
  children: 'members.exists(m, age_years(m.birth_date) < 5)',
  elderly: 'members.exists(m, age_years(m.birth_date) >= 60)',
  large: 'size >= 6',
  womanHead: 'head.sex == "female"',
  adult: 'age_years(birth_date) >= 18',
  woman: 'sex == "female"',
  young: 'age_years(birth_date) < 5',
  everybody: 'true',
} as const

const FIELDS: Record<Target, string> = {
  group: 'size, name, registered_on, area.code, area.within("…"), members, head, attributes.…',
  individual: 'sex, birth_date, name, area.code, area.within("…"), groups, attributes.…',
}

/** What rules can speak of, and some to begin with. */
export const RuleHelp = ({ target, onUse }: { target: Target; onUse: (rule: string) => void }) => {
  const t = useText('programs')
  const { data } = useGet('/api/v1/attribute-definitions', {})
  const attributes = data?.items.filter(({ kind }) => kind === target) ?? []
  return (
    <details class="pr-help">
      <summary>{t('help.title')}</summary>
      <p>{t('help.text')}</p>
      <ul class="pr-help__examples">
        {EXAMPLES[target].map(({ key }) => (
          <li key={key}>
            <span>{t(`help.examples.${key}`)}</span>
            <Code>{RULES[key]}</Code>
            <Button
              kind="quiet"
              aria-label={t('help.useThis', { what: t(`help.examples.${key}`) })}
              onClick={() => onUse(RULES[key])}
            >
              {t('help.use')}
            </Button>
          </li>
        ))}
      </ul>
      <p>
        {t('help.fields')} <Code>{FIELDS[target]}</Code>
      </p>
      {attributes.length > 0 && (
        <>
          <p>{t('help.attributes')}</p>
          <ul>
            {attributes.map(({ code, label }) => (
              <li key={code}>
                <Code>attributes.{code}</Code> <Name>{label}</Name>
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  )
}
