/** What can be drawn: one stroke of 24 × 24, in the colour of the text around it. */
const PATHS = {
  add: 'M12 5v14M5 12h14',
  alert: 'M12 3 2.5 20h19L12 3ZM12 10v4M12 17h.01',
  back: 'M19 12H5M11 6l-6 6 6 6',
  calendar: 'M5 5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1ZM4 10h16M8 3v4M16 3v4',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  circle: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7v5l3 2',
  close: 'M6 6l12 12M18 6 6 18',
  columns: 'M4 5h16v14H4zM9.5 5v14M14.5 5v14',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  done: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 12.2l2.8 2.8L16 9.5',
  down: 'm6 9 6 6 6-6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  edit: 'M4 20h4L19.5 8.5l-4-4L4 16v4ZM13 7l4 4',
  error: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 7.5v5.5M12 16.5h.01',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  filter: 'M4 5h16l-6.5 8v5.5L10.5 20v-7L4 5Z',
  first: 'M6 5v14M19 5l-8 7 8 7',
  hide: 'M4 4l16 16M9.9 5.8A9.6 9.6 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-3 3.8M6.3 7.6A16.6 16.6 0 0 0 2.5 12S6 18.5 12 18.5a9.4 9.4 0 0 0 4-.9M10 10a2.9 2.9 0 0 0 4 4',
  home: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM12 11v5.5M12 7.5h.01',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  menu: 'M4 7h16M4 12h16M4 17h16',
  minus: 'M5 12h14',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  next: 'm9 5 7 7-7 7',
  offline:
    'M4 4l16 16M5 12.5a10 10 0 0 1 4-2.4M2 9a15 15 0 0 1 5-3.1M19 12.5a10 10 0 0 0-3-2M22 9a15 15 0 0 0-11-4M8.5 16a5 5 0 0 1 6.5-.4M12 20h.01',
  previous: 'm15 5-7 7 7 7',
  refresh: 'M20 11a8 8 0 0 0-14.3-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14.3 4l1.7-2M20 20v-5h-5',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20.5 20.5',
  sort: 'm8 10 4-4 4 4M8 14l4 4 4-4',
  up: 'm6 15 6-6 6 6',
  upload: 'M12 16V5M7 9l5-5 5 5M4 20h16',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  view: 'M12 5.5c6 0 9.5 6.5 9.5 6.5S18 18.5 12 18.5 2.5 12 2.5 12 6 5.5 12 5.5ZM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z',
} as const

export type IconName = keyof typeof PATHS

/** Those that point along the line of reading, and turn around where it runs from right to left. */
const DIRECTED: readonly IconName[] = ['back', 'first', 'next', 'previous']

/** A picture beside words, never instead of them: unseen by assistive technology. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg
    class={DIRECTED.includes(name) ? 'an-icon an-icon--directed' : 'an-icon'}
    viewBox="0 0 24 24"
    aria-hidden="true"
    focusable="false"
  >
    <path d={PATHS[name]} />
  </svg>
)
