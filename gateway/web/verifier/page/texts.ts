import type { Verdict } from './api.ts'

/** Keeps a name or code together in its own direction, whatever surrounds it (Unicode isolates, UAX #9). */
const isolate = (text: string) => `\u2068${text}\u2069`

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
export type Texts = typeof english

const languages: Readonly<Record<string, Texts>> = { en: english }

/** The texts in the first of the user's languages that there is a table for. */
export const texts: Texts =
  navigator.languages.map(language => languages[language.split('-')[0]!]).find(Boolean) ?? english

/** A quantity with its unit, as people here write it, on one line. */
export const amountText = (amount: number, unit: string): string =>
  `${new Intl.NumberFormat(texts.language).format(amount)}\u00a0${texts.units[unit] ?? unit}`
