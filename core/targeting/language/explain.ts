import type { Checked } from './check.ts'
import * as exact from './decimal.ts'
import {
  type Env,
  elementsOf,
  envOf,
  evaluate,
  type Outcome,
  outcomeOf,
  recordOf,
  type Value,
  withElement,
} from './interpret.ts'
import { type Ir, type IrOf, partsOf } from './ir.ts'
import type { Subject } from './subject.ts'

/** Why a part of a rule came out as it did, for people; `children` are the parts that decided it. */
export type Explanation = {
  /** The part as it stands in the source; for an element of a list, whom it is about. */
  text: string
  outcome: Outcome
  /** What the part is, when it is no yes or no. */
  value?: string
  because: string
  children: Explanation[]
}

/** Elements of a list that are explained one by one. */
const SHOWN = 20

type Teller = { source: string }

/** Explains a rule for one subject on a day (`YYYY-MM-DD`), part by part, in plain sentences. */
export const explain = (checked: Checked, subject: Subject, today: string): Explanation =>
  tell({ source: checked.source }, checked.root, envOf(checked, subject, today))

const textOf = ({ source }: Teller, ir: Ir): string => source.slice(ir.span.start, ir.span.end).trim()

const tell = (teller: Teller, ir: Ir, env: Env): Explanation => {
  const text = textOf(teller, ir)
  if (ir.type !== 'bool') return tellValue(teller, ir, env)
  const outcome = outcomeOf(evaluate(ir, env))
  if (ir.op === 'and' || ir.op === 'or') {
    const children = ir.items.map(item => tell(teller, item, env))
    return { text, outcome, because: joined(ir.op, outcome, children), children }
  }
  if (ir.op === 'not') {
    const child = tell(teller, ir.operand, env)
    return { text, outcome, because: child.because, children: [child] }
  }
  if (ir.op === 'conditional') return tellBranch(teller, ir, env, outcome)
  if (ir.op === 'quantify') return tellList(teller, ir, env, outcome)
  return { text, outcome, because: reason(teller, ir, env, outcome), children: counted(teller, ir, env) }
}

const tellBranch = (teller: Teller, ir: IrOf<'conditional'>, env: Env, outcome: Outcome): Explanation => {
  const text = textOf(teller, ir)
  const test = tell(teller, ir.test, env)
  if (test.outcome === 'unknown') return { text, outcome, because: test.because, children: [test] }
  const chosen = tell(teller, test.outcome === 'true' ? ir.yes : ir.no, env)
  const which = test.outcome === 'true' ? 'holds' : 'does not hold'
  return { text, outcome, because: `"${test.text}" ${which}. ${chosen.because}`, children: [test, chosen] }
}

/** A calculated part: a formula, or a side of a comparison. */
const tellValue = (teller: Teller, ir: Ir, env: Env): Explanation => {
  const text = textOf(teller, ir)
  const value = evaluate(ir, env)
  const parts = ir.op === 'conditional' ? [ir.test, branchOf(ir, env)] : ir.op === 'fold' ? [] : partsOf(ir)
  const children = parts
    .filter(part => part !== undefined && part.op !== 'const')
    .map(part => tell(teller, part, env))
  if (value === undefined)
    return { text, outcome: 'unknown', because: missingSentence(teller, ir, env), children }
  return { text, outcome: 'true', value: show(value), because: `${text} is ${show(value)}.`, children }
}

const branchOf = (ir: IrOf<'conditional'>, env: Env): Ir | undefined => {
  const test = evaluate(ir.test, env)
  return test === undefined ? undefined : test ? ir.yes : ir.no
}

const joined = (op: 'and' | 'or', outcome: Outcome, children: readonly Explanation[]): string => {
  const listed = (of: Outcome) =>
    children
      .filter(child => child.outcome === of)
      .map(child => `"${child.text}"`)
      .join(', ')
  if (outcome === 'unknown') return `It cannot be decided: ${listed('unknown')} is not known.`
  if (op === 'and')
    return outcome === 'true' ? 'All parts hold.' : `Not all parts hold: ${listed('false')} does not.`
  return outcome === 'true' ? `At least one part holds: ${listed('true')}.` : 'None of the parts holds.'
}

const tellList = (teller: Teller, ir: IrOf<'quantify'>, env: Env, outcome: Outcome): Explanation => {
  const elements = elementsOf(ir.over, env)
  const children = elements.slice(0, SHOWN).map((element, i): Explanation => {
    const child = tell(teller, ir.body, withElement(env, ir.over.row, element))
    return { ...child, text: `${nameOf(element, i)}: ${child.text}` }
  })
  const outcomes = elements.map(element =>
    outcomeOf(evaluate(ir.body, withElement(env, ir.over.row, element))),
  )
  const named = (of: Outcome) => elements.flatMap((e, i) => (outcomes[i] === of ? [nameOf(e, i)] : []))
  const total = `${elements.length}`
  const held = named('true')
  const open = named('unknown').length > 0 ? ` Not known of ${listing(named('unknown'))}.` : ''
  const holding =
    held.length === 0
      ? `It holds for none of ${total}.`
      : `It holds for ${held.length} of ${total}: ${listing(held)}.`
  return { text: textOf(teller, ir), outcome, because: holding + open, children }
}

const listing = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ')

const nameOf = (element: unknown, index: number): string => {
  if (typeof element === 'string') return element
  const name = (element as { name?: unknown } | undefined)?.name
  return typeof name === 'string' ? name : `no. ${index + 1}`
}

/** The parts of a comparison that were themselves counted or calculated. */
const counted = (teller: Teller, ir: Ir, env: Env): Explanation[] =>
  partsOf(ir)
    .filter(part => ['fold', 'arithmetic', 'conditional', 'quantify', 'and', 'or'].includes(part.op))
    .map(part => tell(teller, part, env))

const reason = (teller: Teller, ir: Ir, env: Env, outcome: Outcome): string => {
  if (ir.op === 'recorded') {
    const what = /\((.*)\)$/s.exec(textOf(teller, ir))?.[1] ?? textOf(teller, ir)
    return `${what}: ${outcome === 'true' ? 'it is recorded' : 'it is not recorded'}.`
  }
  if (outcome === 'unknown') return missingSentence(teller, ir, env)
  if (ir.op === 'within') {
    const area = recordOf({ via: 'area', entity: 'area', of: ir.row }, env) as { name: string; code: string }
    return `The area is ${area.name} (${area.code}), which is ${outcome === 'true' ? '' : 'not '}in ${ir.code}.`
  }
  const facts = partsOf(ir).filter(part => part.op !== 'const')
  const told = facts.map(part => `${textOf(teller, part)} is ${show(evaluate(part, env))}`)
  if (told.length === 0) return outcome === 'true' ? 'It is so.' : 'It is not so.'
  return `${told.join(' and ')}, so it ${outcome === 'true' ? 'holds' : 'does not hold'}.`
}

const missingSentence = (teller: Teller, ir: Ir, env: Env): string => {
  const missing = [...new Set(missingIn(teller, ir, env))]
  if (missing.length === 0) return `${textOf(teller, ir)} cannot be computed.`
  return `${listing(missing)} ${missing.length === 1 ? 'is' : 'are'} not recorded.`
}

/** Names of the fields under a part that are not recorded, with whose they are inside lists. */
const missingIn = (teller: Teller, ir: Ir, env: Env): string[] => {
  if (evaluate(ir, env) !== undefined) return []
  if (ir.op === 'field' || ir.op === 'attribute') return [textOf(teller, ir)]
  if (ir.op === 'within') return ['the area']
  if (ir.op === 'quantify' || ir.op === 'fold') {
    const parts = ir.op === 'quantify' ? [ir.body] : [ir.filter, ir.item].filter(part => part !== undefined)
    return elementsOf(ir.over, env).flatMap((element, i) =>
      parts
        .flatMap(part => missingIn(teller, part, withElement(env, ir.over.row, element)))
        .map(name => `${name} of ${nameOf(element, i)}`),
    )
  }
  return partsOf(ir).flatMap(part => missingIn(teller, part, env))
}

const show = (value: Value | undefined): string => {
  if (value === undefined) return 'not known'
  if (typeof value === 'object') return exact.format(value)
  return typeof value === 'string' ? `"${value}"` : value ? 'yes' : 'no'
}
