/** An ear of grain: what Annona was about. */
export const Logo = () => (
  <svg class="an-logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <rect class="an-logo__ground" width="32" height="32" rx="8" />
    <path
      class="an-logo__ear"
      d="M16 26V12M16 12c-2.6-1.2-3.4-3.4 0-7 3.4 3.6 2.6 5.8 0 7ZM16 18.5c-4 .2-5.7-1.7-5.5-5.3 3.7.1 5.5 1.8 5.5 5.3ZM16 18.5c4 .2 5.7-1.7 5.5-5.3-3.7.1-5.5 1.8-5.5 5.3ZM16 24.3c-4 .2-5.7-1.7-5.5-5.3 3.7.1 5.5 1.8 5.5 5.3ZM16 24.3c4 .2 5.7-1.7 5.5-5.3-3.7.1-5.5 1.8-5.5 5.3Z"
    />
  </svg>
)
