/** By what registrants are looked for: names of the API's filters. */
export const SEARCHED = ['name', 'identifier', 'phone', 'area', 'kind'] as const
export type Sought = Record<(typeof SEARCHED)[number], string>

/** A phone number as it is kept (E.164), of one as people write it: with spaces, dashes, `00` for the plus. */
export const phoneOf = (typed: string): string => {
  const bare = typed.replaceAll(/[\s().-]/g, '')
  return bare.startsWith('00') ? `+${bare.slice(2)}` : bare
}
