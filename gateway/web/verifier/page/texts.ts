import type { Verdict } from './api.ts'
import { isolate } from './isolate.ts'

/** All that the page says, in English. Another language is another table of this shape. */
const english = {
  language: 'en',
  direction: 'ltr',
  product: 'Annona',
  title: 'Verifier',

  signInHeading: 'Sign in to verify',
  username: 'User name',
  password: 'Password',
  code: 'Code of your authenticator app, or a recovery code',
  signIn: 'Sign in',
  signOut: 'Sign out',
  toConsole: 'Console',
  languages: 'Language',
  fillIn: 'Enter your user name and your password.',
  signInRefused: 'The user name or the password is not right, or the account is disabled.',
  codeRefused: 'The password or the code is not right, or the code was used before.',
  sessionEnded: 'Your sign-in has ended. Sign in again to go on.',

  pointHeading: 'Where do you work today?',
  pointHint: 'What you hand over is booked at this service point.',
  loadingPoints: 'Loading the service points…',
  noPoints: 'No service point is within your reach. You can check codes, but hand nothing over.',
  checkOnly: 'Only check codes, hand nothing over',
  noPoint: 'Checking only',
  changePoint: 'Change',

  scanHeading: 'Scan a code',
  scanHint: 'Hold the code inside the frame, flat and well lit.',
  startingCamera: 'Starting the camera…',
  camera: 'What the camera sees',
  torch: 'Light',
  readPicture: 'Use a picture',
  typeText: 'Enter the text',
  textLabel: 'Text of the code',
  textHint: 'Paste or type the letters and digits that the code contains.',
  check: 'Check',
  noCodeInPicture: 'No code was found in this picture. Take it closer, flat and sharp.',
  notAPicture: 'This file is not a picture that can be read.',
  noDecoder: 'The code reader could not be loaded. Check the connection and try again, or enter the text.',
  cameraTrouble: {
    insecure: 'The camera works only over a secure connection (https). Use a picture or enter the text.',
    refused:
      'The camera is not allowed. Allow it for this page in the settings of the browser, or use a picture or the text.',
    absent: 'This device has no camera that can be used. Use a picture or enter the text.',
    busy: 'The camera does not answer; perhaps another app uses it. Close that app and try again.',
  },
  tryAgain: 'Try again',

  checking: 'Checking…',
  scanNext: 'Scan next',
  verdicts: {
    valid: 'Valid',
    valid_stale: 'Valid, by older data',
    revoked: 'Withdrawn',
    suspended: 'Blocked for now',
    expired: 'Expired',
    not_yet_valid: 'Not valid yet',
    already_redeemed: 'Already handed over',
    wrong_point: 'Not at this place',
    unknown_issuer: 'Not one of ours',
    tampered: 'Not genuine',
    malformed: 'Not readable',
  } satisfies Record<Verdict, string>,
  alreadyPaid: 'Already paid',

  holder: 'Holder',
  entitledTo: 'Entitled to',
  remaining: 'Still due',
  program: 'Program',
  cycle: 'Cycle',
  reference: 'Entitlement',
  units: { KGM: 'kg', GRM: 'g', LTR: 'litres', C62: 'pieces', H87: 'pieces' } as Record<string, string>,

  handOver: 'Hand over',
  confirmHeading: 'Hand over now?',
  confirmHint: 'Confirm once the goods are in the hands of the holder. It cannot be undone here.',
  quantity: 'Quantity to hand over',
  quantityRange: (most: string) => `Enter a whole number from 1 to ${isolate(most)}.`,
  confirm: 'Yes, handed over',
  notYet: 'Not yet',
  booking: 'Booking…',
  handedOver: (what: string, name: string, receipt: string) =>
    `Handed over: ${isolate(what)} to ${isolate(name)}. Receipt ${isolate(receipt)}.`,
  unsure: 'No answer came, so it may or may not be booked. Try again: it will be booked only once.',
  needsPoint: 'To hand over, choose the service point where you work.',

  offlineHeading: 'No connection',
  failedHeading: 'Not checked',
  trouble: {
    offline: 'The server cannot be reached. Nothing was lost: check the connection, then try again.',
    ended: 'Your sign-in has ended. Sign in again to go on.',
    code: 'Enter a code as well: your account has a second factor.',
    forbidden: 'Your account is not allowed to do this. Ask your supervisor.',
    busy: 'Too many attempts. Wait some minutes, then try again.',
    broken: 'Something went wrong on the server. Try again; if that changes nothing, tell your supervisor.',
  },
}
/**
 * The table of another language. What to do about a card the server says in English; another language has it by
 * verdict (`elsewhere`: with the place that the card is for), and what the server's rules refuse by their names.
 */
export type Texts = typeof english & {
  advice?: Record<Verdict, string> & {
    elsewhere: (point: string) => string
    cash: Partial<Record<Verdict, string>>
  }
  rules?: Readonly<Record<string, string>>
}

/** The languages that there is a table for, by their own names. */
export const LANGUAGES = { en: 'English', fr: 'Français', ar: 'العربية' } as const
type Language = keyof typeof LANGUAGES

/** The cookie in which the other pages of this server keep the language that somebody chose. */
const COOKIE = 'annona-language'

const chosen = (): string | undefined => new RegExp(`(?:^|; )${COOKIE}=([a-z]+)`).exec(document.cookie)?.[1]

/** The language that was chosen, else the first of the user's that there is a table for. */
const language: Language =
  [chosen() ?? '', ...navigator.languages]
    .map(tag => tag.split('-')[0]!)
    .find((code): code is Language => Object.hasOwn(LANGUAGES, code)) ?? 'en'

const read = async (): Promise<Texts> => {
  if (language === 'fr') return (await import('./french.ts')).french
  if (language === 'ar') return (await import('./arabic.ts')).arabic
  return english
}

/** What the page says, in the language of whoever uses it. */
export const texts: Texts = await read()

/** Chooses another language, here and for the other pages; this one is loaded again. */
export const chooseLanguage = (next: Language): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
  document.cookie = `${COOKIE}=${next}; Path=/; Max-Age=31536000; SameSite=Lax`
  location.reload()
}

/** A quantity with its unit, as people here write it, on one line. */
export const amountText = (amount: number, unit: string): string =>
  `${new Intl.NumberFormat(texts.language).format(amount)}\u00a0${texts.units[unit] ?? unit}`
