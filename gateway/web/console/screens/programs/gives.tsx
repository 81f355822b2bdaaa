import { Link } from 'wouter-preact'
import { Section } from '../../../ui/components/page.tsx'
import { Code, Count, Money } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { placeOf } from '../../shell/places.ts'
import type { Component, Program } from './words.tsx'

/** What a program gives to whom, to be read. */
export const Gives = ({ program }: { program: Program }) => {
  const t = useText('programs')
  return (
    <Section title={t('gives.title')}>
      <ul class="pr-list">
        {program.components.map(component => (
          <li key={component.code} class="pr-gift">
            <span class="pr-gift__what">
              <HowMuch component={component} currency={program.currency} />
            </span>
            <span class="an-muted">
              {t(`gives.to.${program.target}`)} · <Code>{component.code}</Code>
            </span>
            {component.formula !== undefined && (
              <pre class="pr-snippet" dir="ltr">
                {component.formula}
              </pre>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

const HowMuch = ({ component, currency }: { component: Component; currency: string }) => {
  const t = useText('programs')
  const { kind, amount, quantity, perMember, maximum } = component
  if (kind === 'cash')
    return amount === undefined ? (
      <bdi>{t('gives.cashFormula', { currency })}</bdi>
    ) : (
      <Money amount={amount} currency={currency} />
    )
  const n = quantity ?? perMember
  return (
    <>
      {n === undefined ? `${t('gives.byFormula')} ` : <Count n={n} />}{' '}
      <bdi>{textOr('cycles', `units.${component.unit}`, component.unit ?? '')}</bdi>{' '}
      <Item code={component.item ?? ''} />
      {perMember !== undefined && ` ${t('gives.eachMember')}`}
      {maximum !== undefined && (
        <>
          {' ('}
          {t('gives.atMost')} <Count n={maximum} />)
        </>
      )}
    </>
  )
}

const Item = ({ code }: { code: string }) => {
  const href = placeOf('item', code)
  return href ? (
    <Link href={href}>
      <Code>{code}</Code>
    </Link>
  ) : (
    <Code>{code}</Code>
  )
}

/** Who is eligible: every rule, as it is written. */
export const Rules = ({ rules }: { rules: readonly string[] }) => {
  const t = useText('programs')
  const isOpen = rules.length === 1 && rules[0] === 'true'
  return (
    <Section title={t('rules.title')}>
      <p class="pr-lead">{isOpen ? t('rules.everybody') : t('rules.allHold', { count: rules.length })}</p>
      <ol class="pr-list">
        {rules.map((rule, at) => (
          <li key={at}>
            <pre class="pr-snippet" dir="ltr">
              {rule}
            </pre>
          </li>
        ))}
      </ol>
    </Section>
  )
}
