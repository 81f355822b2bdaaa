/**
 * The language of eligibility rules and formulas: CEL over a typed model of the registry. What it offers
 * and what its answers mean is in README.md beside this file.
 */
export { type Checked, type CheckOptions, check } from './check.ts'
export {
  type CompiledColumns,
  type CompiledFormula,
  type CompiledRule,
  type CompiledRules,
  type CompileOptions,
  compile,
  compileAll,
  compileColumns,
  compileFormula,
} from './compile.ts'
export { type Explanation, explain } from './explain.ts'
export { calculate, decide, type Outcome } from './interpret.ts'
export type { AttributeType, AttributeTypes, FactType, FactTypes, TargetKind } from './model.ts'
export { LIMITS } from './parse.ts'
export { type CheckedRecord, checkRecord, decideRecord, type FactValues } from './record.ts'
export type { Within } from './sql-frame.ts'
export {
  type AreaDocument,
  type GroupDocument,
  type IndividualDocument,
  loadSubject,
  type MemberDocument,
  type PersonDocument,
  type Subject,
} from './subject.ts'
