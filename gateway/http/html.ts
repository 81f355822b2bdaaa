const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in a page, in an element or in a quoted attribute. */
export const html = (text: string): string => text.replace(/[&<>"']/g, c => ENTITIES[c]!)
