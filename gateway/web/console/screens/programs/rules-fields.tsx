import { Button } from '../../../ui/components/button.tsx'
import { TextArea } from '../../../ui/components/fields.tsx'
import type { FormState } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { RuleHelp } from './rule-help.tsx'
import type { RuleCheck } from './use-rule-check.ts'
import { useRuleCheck } from './use-rule-check.ts'
import type { ProgramValues } from './values.ts'

const MOST_RULES = 20

/** Rules as fields of their own, whose place in what is sent is `/rules/0`, `/rules/1`, … */
const partOf = (form: FormState<ProgramValues>, check: RuleCheck): FormState<Record<string, string>> => ({
  ...form,
  pointer: '/rules',
  values: Object.fromEntries(form.values.rules.entries()),
  set: (index, text) => form.set('rules', form.values.rules.with(Number(index), text)),
  // Before it is sent, what the check says; what sending was refused with, until it is typed over.
  errors: { ...form.errors, ...check.errors },
  reset: () => undefined,
})

/** Who is eligible: every rule must hold. Says while one writes where a rule is wrong, and how many it would let in. */
export const RulesFields = ({ form, code }: { form: FormState<ProgramValues>; code: string | undefined }) => {
  const t = useText('programs')
  const { rules, target } = form.values
  const check = useRuleCheck({ target, rules, code })
  const part = partOf(form, check)
  const add = (rule: string) => {
    const at = rules.findIndex(written => written.trim() === '')
    form.set('rules', at === -1 ? [...rules, rule] : rules.with(at, rule))
  }
  return (
    <Section title={t('rules.title')}>
      <p class="pr-lead">{t('rules.lead')}</p>
      {rules.map((_rule, at) => (
        <div class="pr-rule" key={at}>
          <TextArea
            form={part}
            name={`${at}`}
            label={t('rules.rule', { number: at + 1 })}
            rows={2}
            maxLength={4000}
          />
          {rules.length > 1 && (
            <Button
              kind="quiet"
              icon="close"
              aria-label={t('rules.removeRule', { number: at + 1 })}
              onClick={() => form.set('rules', rules.toSpliced(at, 1))}
            >
              {t('rules.remove')}
            </Button>
          )}
        </div>
      ))}
      <Matches check={check} target={target} />
      <div class="an-actions">
        {rules.length < MOST_RULES && (
          <Button kind="secondary" icon="add" onClick={() => form.set('rules', [...rules, ''])}>
            {t('rules.add')}
          </Button>
        )}
      </div>
      <RuleHelp target={target} onUse={add} />
    </Section>
  )
}

const Matches = ({ check, target }: { check: RuleCheck; target: ProgramValues['target'] }) => {
  const t = useText('programs')
  const format = useFormat()
  const { isChecking, matches, problem, errors } = check
  const said = problem
    ? problem
    : isChecking
      ? t('rules.checking')
      : Object.keys(errors).length > 0
        ? t('rules.wrong')
        : matches === undefined
          ? ''
          : t(`rules.matches.${target}`, { count: matches, n: format.count(matches) })
  return (
    <p class={matches === undefined ? 'pr-matches' : 'pr-matches pr-matches--known'} role="status">
      {said}
    </p>
  )
}
