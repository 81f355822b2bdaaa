import type { ErrorObject } from 'ajv'
import type { Issue } from '#core/kernel/index.ts'

/** What a validator found, as issues a caller can act on: which field, what was wrong, what would be right. */
export const issuesOf = (errors: readonly ErrorObject[]): Issue[] =>
  errors.map(error => {
    const { pointer, detail } = explain(error)
    return { pointer, code: error.keyword, detail }
  })

const explain = (error: ErrorObject): { pointer: string; detail: string } => {
  const at = error.instancePath.replace(/^\/requestBody/, '')
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = String(params.additionalProperty ?? params.unevaluatedProperty)
      return { pointer: `${at}/${escaped(name)}`, detail: `There is no field ${name} here.` }
    }
    case 'required': {
      const name = String(params.missingProperty)
      return name === 'requestBody'
        ? { pointer: '', detail: 'A body is needed.' }
        : { pointer: `${at}/${escaped(name)}`, detail: `The field ${name} is needed.` }
    }
    case 'enum':
      return { pointer: at, detail: `Must be one of ${(params.allowedValues as unknown[]).join(', ')}.` }
    case 'type':
      return { pointer: at, detail: `Must be of type ${[params.type].flat().join(' or ')}.` }
    case 'format':
      return {
        pointer: at,
        detail: `Must be a valid ${FORMATS[String(params.format)] ?? String(params.format)}.`,
      }
    case 'pattern':
      return { pointer: at, detail: `Must match ${String(params.pattern)}.` }
    default:
      return {
        pointer: at,
        detail: `${error.message ?? 'is not right'}`.replace(/^./, c => c.toUpperCase()) + '.',
      }
  }
}

const FORMATS: Record<string, string> = {
  date: 'date, such as 2026-01-31',
  'date-time': 'instant, such as 2026-01-31T12:00:00Z',
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
