import { Ajv2020, type Options } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** Formats of ours beside the standard ones. */
const FORMATS: Record<string, RegExp | true> = {
  binary: true,
  password: true,
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
  return ajv
}
