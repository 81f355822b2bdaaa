import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'

/** The types of an OpenAPI document, as openapi-fetch takes them. */
export const typesOf = async (document: object): Promise<string> =>
  astToString(await openapiTS(structuredClone(document) as OpenAPI3, { alphabetize: true }))
