import { Ajv2020, type AnySchema, type Options, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const standard = (name: 'date' | 'date-time') =>
  (addFormats.default.get(name) as { validate: (text: string) => boolean }).validate

const isDate = standard('date')
const isInstant = standard('date-time')

/**
 * Formats of ours, and standard ones without what PostgreSQL or JavaScript cannot hold: the year 0, leap
 * seconds, `urn:uuid:`.
 */
const FORMATS: Record<string, RegExp | true | ((text: string) => boolean)> = {
  binary: true,
  password: true,
  uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  date: text => isDate(text) && !text.startsWith('0000'),
  'date-time': text => isInstant(text) && !text.startsWith('0000') && !Number.isNaN(Date.parse(text)),
}

/** A validator for JSON Schema 2020-12, as OpenAPI 3.1 uses it, that really checks formats. */
export const createAjv = (options: Options): Ajv2020 => {
  const ajv = new Ajv2020({
    ...options,
    strict: false,
    allErrors: true,
    validateFormats: true,
    unicodeRegExp: true,
  })
  addFormats.default(ajv, { mode: 'full' })
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format)
  const compile = ajv.compile.bind(ajv) as (schema: AnySchema) => ValidateFunction
  return Object.assign(ajv, { compile: (schema: AnySchema) => withFewErrors(compile(schema)) })
}

/** More errors than this help nobody; and a body can have so many that spreading them overflows the stack. */
const MAX_ERRORS = 50

const withFewErrors = (validate: ValidateFunction): ValidateFunction => {
  const few = (data: unknown): boolean => {
    const isValid = validate(data)
    limited.errors = validate.errors?.slice(0, MAX_ERRORS) ?? null
    return isValid
  }
  const { schema, schemaEnv } = validate
  const limited = Object.assign(few, { schema, schemaEnv }) as ValidateFunction
  return limited
}
