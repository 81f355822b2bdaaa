import { bundleOpenApi } from '#gateway/openapi/bundle.ts'
import { validateOpenApi } from './validate.ts'

/** Checks the document that the gateway serves. */
export const checkOpenApi = async (): Promise<string[]> => validateOpenApi(bundleOpenApi())
