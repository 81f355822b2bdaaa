import { Button } from '../../../ui/components/button.tsx'
import {
  MoneyField,
  NumberField,
  RadioField,
  SelectField,
  TextArea,
  TextField,
} from '../../../ui/components/fields.tsx'
import { type FormState, formPart } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ItemField } from './item-field.tsx'
import {
  type ComponentValues,
  emptyComponent,
  type ProgramValues,
  type Way,
  wayOf,
  waysOf,
} from './values.ts'

const MOST_COMPONENTS = 20
const MOST_OF_AN_ITEM = 1_000_000_000

/** A code that no other component has. */
const freeCode = (stem: string, taken: readonly string[]): string => {
  if (!taken.includes(stem)) return stem
  for (let n = 2; ; n++) if (!taken.includes(`${stem}-${n}`)) return `${stem}-${n}`
}

/** What everybody in the program gets: money, goods, or several of them. */
export const ComponentsFields = ({ form }: { form: FormState<ProgramValues> }) => {
  const t = useText('programs')
  const { components } = form.values
  const add = (kind: ComponentValues['kind'], stem: string) =>
    form.set('components', [
      ...components,
      emptyComponent(
        kind,
        freeCode(
          stem,
          components.map(c => c.code),
        ),
      ),
    ])
  return (
    <Section title={t('gives.title')}>
      {components.map((_component, at) => (
        <fieldset class="pr-component" key={at}>
          <legend class="pr-component__title">{t('gives.component', { number: at + 1 })}</legend>
          <ComponentFields form={form} at={at} />
          {components.length > 1 && (
            <Button
              kind="quiet"
              icon="close"
              aria-label={t('gives.removeComponent', { number: at + 1 })}
              onClick={() => form.set('components', components.toSpliced(at, 1))}
            >
              {t('rules.remove')}
            </Button>
          )}
        </fieldset>
      ))}
      {components.length < MOST_COMPONENTS && (
        <div class="an-actions">
          <Button kind="secondary" icon="add" onClick={() => add('cash', 'CASH')}>
            {t('gives.addCash')}
          </Button>
          <Button kind="secondary" icon="add" onClick={() => add('in_kind', 'GOODS')}>
            {t('gives.addGoods')}
          </Button>
        </div>
      )}
    </Section>
  )
}

const ComponentFields = ({ form, at }: { form: FormState<ProgramValues>; at: number }) => {
  const t = useText('programs')
  const { target, currency } = form.values
  const part = formPart(form, 'components', at)
  const way = wayOf(part.values, target)
  // What is chosen is what counts, whatever was chosen before the kind or the target was another.
  const shown: FormState<ComponentValues> = { ...part, values: { ...part.values, way } }
  return (
    <div class="pr-component__fields">
      <RadioField
        form={shown}
        name="kind"
        label={t('gives.kind')}
        inline
        options={[
          { value: 'cash', label: t('gives.kinds.cash') },
          { value: 'in_kind', label: t('gives.kinds.in_kind') },
        ]}
      />
      <TextField
        form={shown}
        name="code"
        label={t('gives.code')}
        hint={t('gives.codeHint')}
        width="short"
        maxLength={12}
        dir="ltr"
      />
      {part.values.kind === 'in_kind' && <ItemField form={shown} name="item" label={t('gives.item')} />}
      <SelectField
        form={shown}
        name="way"
        label={t('gives.way')}
        options={waysOf(part.values.kind, target).map(value => ({ value, label: t(`gives.ways.${value}`) }))}
      />
      <HowMuch form={shown} way={way} currency={currency} />
    </div>
  )
}

type HowMuchProps = { form: FormState<ComponentValues>; way: Way; currency: string }

const HowMuch = ({ form, way, currency }: HowMuchProps) => {
  const t = useText('programs')
  const whole = { min: 1, max: MOST_OF_AN_ITEM }
  if (way === 'amount')
    return <MoneyField form={form} name="amount" label={t('gives.amount')} currency={currency || '¤'} />
  if (way === 'quantity')
    return <NumberField form={form} name="quantity" label={t('gives.quantity')} {...whole} />
  if (way === 'perMember')
    return (
      <>
        <NumberField form={form} name="perMember" label={t('gives.perMember')} {...whole} />
        <NumberField
          form={form}
          name="maximum"
          label={t('gives.maximum')}
          hint={t('gives.maximumHint')}
          required={false}
          {...whole}
        />
      </>
    )
  return (
    <div class="pr-rule">
      <TextArea
        form={form}
        name="formula"
        label={t('gives.formula')}
        hint={t(form.values.kind === 'cash' ? 'gives.formulaCash' : 'gives.formulaGoods')}
        rows={2}
        maxLength={4000}
      />
    </div>
  )
}
