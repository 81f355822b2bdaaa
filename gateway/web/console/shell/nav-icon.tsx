/** Pictures of the parts of the work: one stroke of 24 × 24, in the colour of the text beside them. */
const PATHS = {
  approvals: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8 12.2l2.8 2.8L16 9.5',
  areas: 'M9 4 3 6.5v13.5L9 17.5l6 2.5 6-2.5V4l-6 2.5L9 4ZM9 4v13.5M15 6.5V20',
  audit: 'M12 3 5 6v5.5c0 4.4 2.9 7.9 7 9.5 4.1-1.6 7-5.1 7-9.5V6l-7-3ZM9 12l2.2 2.2L15 10.4',
  batches: 'M3 7h18v11H3zM3 11h18M7 15h4',
  bell: 'M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15L6 16ZM10 20.5a2.2 2.2 0 0 0 4 0',
  cards: 'M3 5h18v14H3zM7 9.2h3.6v3.6H7zM14 9.5h4M14 13h4M7 16h11',
  clients: 'M8 7 3 12l5 5M16 7l5 5-5 5M13.5 5l-3 14',
  cycles: 'M20 11a8 8 0 0 0-14.3-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14.3 4l1.7-2M20 20v-5h-5',
  funds:
    'M12 4c4.4 0 8 1.3 8 3s-3.6 3-8 3-8-1.3-8-3 3.6-3 8-3ZM4 7v10c0 1.7 3.6 3 8 3s8-1.3 8-3V7M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  handovers:
    'M3 12.5 7 9l4 2 3-1.5 3 1L21 14M7 9V6M11 11l-2 2.2M12 20l-5-4.5M14 18.5l-2.6-2.4M16.5 17 14 14.5',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9.6a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 1.9M12 16.8h.01',
  home: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  imports: 'M12 16V5M7 9l5-5 5 5M4 20h16',
  items: 'M4 8h16v12H4zM4 8l2.5-4h11L20 8M9.5 12h5',
  jobs: 'M12 3 3 8l9 5 9-5-9-5ZM3 12.5l9 5 9-5M3 17l9 5 9-5',
  language:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c3 3 3.6 6 3.6 9S15 18 12 21c-3-3-3.6-6-3.6-9S9 6 12 3Z',
  locations:
    'M12 21.5s7-6.3 7-11.8a7 7 0 0 0-14 0c0 5.5 7 11.8 7 11.8ZM12 7.2a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2Z',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM2.5 19.5c.6-3.3 3-5 6.5-5s5.9 1.7 6.5 5M16 5.4a3.3 3.3 0 0 1 0 6.3M18 14.8c2 .8 3.2 2.4 3.6 4.7',
  policies: 'M6 3h8l5 5v13H6zM14 3v5h5M9.5 13h6M9.5 17h6',
  programs: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  providers: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM11 12.2 20 3.5M16 7l3 3',
  reports: 'M6 3h8l5 5v13H6zM14 3v5h5M9.5 18v-3M12.5 18v-6M15.5 18v-4',
  roles:
    'M12 3 5 6v5.5c0 4.4 2.9 7.9 7 9.5 4.1-1.6 7-5.1 7-9.5V6l-7-3ZM12 8.2a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM8.7 16.2c.5-1.7 1.7-2.5 3.3-2.5s2.8.8 3.3 2.5',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16',
  stock: 'M12 3 4 7v10l8 4 8-4V7l-8-4ZM4 7l8 4 8-4M12 11v10',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
} as const

export type NavIconName = keyof typeof PATHS

/** Beside words, never instead of them: unseen by assistive technology. */
export const NavIcon = ({ name }: { name: NavIconName }) => (
  <svg class="an-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
)
