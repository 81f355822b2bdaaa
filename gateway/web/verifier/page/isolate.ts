/** Keeps a name or code together in its own direction, whatever surrounds it (Unicode isolates, UAX #9). */
export const isolate = (text: string) => `\u2068${text}\u2069`
