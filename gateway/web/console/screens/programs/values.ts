import type { paths } from '../../../ui/api/schema.generated.ts'
import type { Program, Target } from './words.tsx'

type Body = NonNullable<paths['/api/v1/programs/{code}']['put']['requestBody']>['content']['application/json']

/** How much of a thing there is for each: only one of them counts, the one that `way` names. */
export type Way = 'amount' | 'quantity' | 'perMember' | 'formula'

export type ComponentValues = {
  code: string
  kind: 'cash' | 'in_kind'
  way: Way
  amount: string
  item: string
  quantity: number | undefined
  perMember: number | undefined
  maximum: number | undefined
  formula: string
}

/** A program as it is filled in. */
export type ProgramValues = {
  code: string
  name: string
  target: Target
  currency: string
  fund: string
  rules: readonly string[]
  components: readonly ComponentValues[]
}

export const emptyComponent = (kind: ComponentValues['kind'], code: string): ComponentValues => ({
  code,
  kind,
  way: kind === 'cash' ? 'amount' : 'quantity',
  amount: '',
  item: '',
  quantity: undefined,
  perMember: undefined,
  maximum: undefined,
  formula: '',
})

export const emptyProgram = (): ProgramValues => ({
  code: '',
  name: '',
  target: 'group',
  currency: '',
  fund: '',
  rules: [''],
  components: [emptyComponent('cash', 'CASH')],
})

/** The ways there are: only groups have members to count. */
export const waysOf = (kind: ComponentValues['kind'], target: Target): readonly Way[] =>
  kind === 'cash'
    ? ['amount', 'formula']
    : target === 'group'
      ? ['quantity', 'perMember', 'formula']
      : ['quantity', 'formula']

/** The way that counts: the chosen one, where what was chosen besides leaves it. */
export const wayOf = ({ kind, way }: ComponentValues, target: Target): Way => {
  const ways = waysOf(kind, target)
  return ways.includes(way) ? way : ways[0]!
}

export const valuesOf = (program: Program): ProgramValues => ({
  code: program.code,
  name: program.name,
  target: program.target,
  currency: program.currency,
  fund: program.fund ?? '',
  rules: program.rules,
  components: program.components.map(c => ({
    ...emptyComponent(c.kind, c.code),
    way:
      c.formula !== undefined
        ? 'formula'
        : c.perMember !== undefined
          ? 'perMember'
          : c.kind === 'cash'
            ? 'amount'
            : 'quantity',
    amount: c.amount ?? '',
    item: c.item ?? '',
    quantity: c.quantity,
    perMember: c.perMember,
    maximum: c.maximum,
    formula: c.formula ?? '',
  })),
})

/** What is sent. A rule that was left empty stays: its place is where the refusal is shown. */
export const bodyOf = ({ name, target, currency, fund, rules, components }: ProgramValues): Body => ({
  name: name.trim(),
  target,
  currency: currency.trim().toUpperCase(),
  ...(fund === '' ? {} : { fund }),
  rules: rules.map(rule => rule.trim()),
  components: components.map(c => componentOf(c, target)),
})

const componentOf = (c: ComponentValues, target: Target): Body['components'][number] => {
  const way = wayOf(c, target)
  return {
    code: c.code.trim(),
    kind: c.kind,
    ...(c.kind === 'in_kind' ? { item: c.item } : {}),
    ...(way === 'amount' ? { amount: c.amount } : {}),
    ...(way === 'quantity' && c.quantity !== undefined ? { quantity: c.quantity } : {}),
    ...(way === 'perMember' && c.perMember !== undefined ? { perMember: c.perMember } : {}),
    ...(way === 'perMember' && c.maximum !== undefined ? { maximum: c.maximum } : {}),
    ...(way === 'formula' ? { formula: c.formula.trim() } : {}),
  }
}
