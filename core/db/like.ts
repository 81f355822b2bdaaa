const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&')

/** The pattern for (I)LIKE that finds a text anywhere in another. */
export const partOf = (text: string): string => `%${literal(text)}%`

/** The pattern for (I)LIKE that finds what begins with a text. */
export const beginningOf = (text: string): string => `${literal(text)}%`
