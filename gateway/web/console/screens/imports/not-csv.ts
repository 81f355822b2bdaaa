/** What files begin with that people take for tables, and that are not text: ZIP (spreadsheets), PDF, old spreadsheets. */
const BEGINNINGS = ['504b0304', '25504446', 'd0cf11e0', '1f8b08', '89504e47', 'ffd8ff'] as const

/** Whether a file begins as one that is no text: seen here before it is sent for nothing. */
export const isNoText = async (file: Blob): Promise<boolean> => {
  const bytes = new Uint8Array(await file.slice(0, 4).arrayBuffer())
  const start = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return BEGINNINGS.some(beginning => start.startsWith(beginning))
}
