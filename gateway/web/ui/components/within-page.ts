import { createContext } from 'preact'

/** Whether a page with its heading is around. What stands alone is the page itself: its title is the heading. */
export const WithinPage = createContext(false)
