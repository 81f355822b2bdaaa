import { api, dataOf } from '../../ui/api/client.ts'
import { type Me, may } from '../../ui/api/session.ts'
import { textNow, textOr } from '../../ui/i18n/index.ts'
import { navigation } from '../routes.ts'
import { placeOf } from './places.ts'
import { recent } from './recent.ts'

/** Something that one can go to. */
export type Target = { href: string; title: string; hint?: string; isElsewhere?: boolean }
/** Targets of one sort. */
export type Group = { key: string; label: string; targets: readonly Target[] }

/** Letters before the numbers of public references, and what they are references of. */
const PREFIXES: Readonly<Record<string, string>> = {
  AP: 'approval',
  CR: 'credential',
  CY: 'cycle',
  EL: 'enrolment',
  EN: 'entitlement',
  GR: 'registrant',
  IM: 'import',
  IN: 'registrant',
  JB: 'job',
  PB: 'payment-batch',
  PR: 'payment-report',
  PY: 'payment',
  RD: 'redemption',
  RV: 'payment-review',
}
const REFERENCE = /^([A-Z]{2})-?([0-9A-Z]{5})-?([0-9A-Z]{6})$/

/** The thing whose public reference somebody typed or pasted, in whatever way they wrote it. */
export const referenced = (typed: string): Group[] => {
  const [, prefix = '', first, second] = REFERENCE.exec(typed.trim().toUpperCase()) ?? []
  const kind = PREFIXES[prefix]
  if (!kind) return []
  const reference = `${prefix}-${first}-${second}`
  const href = placeOf(kind, reference)
  if (!href) return []
  const t = textNow('shell')
  return [
    {
      key: 'reference',
      label: t('search.reference'),
      targets: [{ href, title: reference, hint: textOr('shell', `kinds.${kind}`, '') }],
    },
  ]
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

/** Screens by their names, in the language of whoever reads or as their addresses have them. */
export const screensLike = (me: Me, typed: string): Group[] => {
  const t = textNow('shell')
  const wanted = plain(typed)
  const targets = navigation
    .filter(({ permission }) => may(me, permission))
    .map(({ key, path, isElsewhere }) => ({
      href: path,
      title: t(`nav.${key}`),
      isElsewhere: isElsewhere ?? false,
    }))
    .filter(({ href, title }) => plain(title).includes(wanted) || href.slice(1).startsWith(wanted))
  return targets.length === 0 ? [] : [{ key: 'screens', label: t('search.screens'), targets }]
}

/** Where one was before. */
export const recentPages = (): Group[] => {
  const targets = recent.get().map(({ path, title }) => ({ href: path, title }))
  return targets.length === 0 ? [] : [{ key: 'recent', label: textNow('shell')('search.recent'), targets }]
}

/** People are looked for by any part of their names on a page of their own: here, by how their names begin. */
export const amongRegistrants = (me: Me, typed: string): Group[] => {
  if (!may(me, 'registrant:read')) return []
  const t = textNow('shell')
  const href = `/registrants?name=${encodeURIComponent(typed)}`
  return [
    {
      key: 'people',
      label: t('nav.registrants'),
      targets: [{ href, title: t('search.people', { name: typed }) }],
    },
  ]
}

const LONGEST = 100

/** Things that fit what was typed, by their kinds, in the order in which the server finds them. */
export const found = async (typed: string, signal: AbortSignal): Promise<Group[]> => {
  const q = typed.slice(0, LONGEST)
  const { items } = await dataOf(api.GET('/api/v1/search', { params: { query: { q } }, signal }))
  const groups = new Map<string, Target[]>()
  for (const { kind, name, title, subtitle } of items) {
    const href = placeOf(kind, name)
    if (href) groups.set(kind, [...(groups.get(kind) ?? []), { href, title, hint: subtitle ?? name }])
  }
  return [...groups].map(([kind, targets]) => ({
    key: kind,
    label: textOr('shell', `kinds.${kind}`, kind),
    targets,
  }))
}
