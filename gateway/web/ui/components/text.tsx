import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/index.ts'
import { IconButton } from './button.tsx'

/** What a person is called, in its own direction whatever stands around it. */
export const Name = ({ children }: { children: ComponentChildren }) => <bdi class="an-name">{children}</bdi>

/** A public reference, such as `GR-7K3M9-Q2XBD4`: always from left to right, with a button that copies it. */
export const Ref = ({ children, copy = true }: { children: string; copy?: boolean }) => (
  <span class="an-ref">
    <bdi dir="ltr" class="an-ref__text">
      {children}
    </bdi>
    {copy && <CopyButton text={children} />}
  </span>
)

/** An ISO day (`2026-11-22`) in the calendar of whoever reads. */
export const Day = ({ iso }: { iso: string }) => {
  const format = useFormat()
  return (
    <time class="an-nowrap" dateTime={iso}>
      {format.day(iso)}
    </time>
  )
}

/** An ISO instant as how long ago it was, with its day and time as the title; `full` writes those out. */
export const Instant = ({ iso, full = false }: { iso: string; full?: boolean }) => {
  const format = useFormat()
  const exact = format.instant(iso)
  return (
    <time dateTime={iso} title={full ? undefined : exact}>
      {full ? exact : format.relative(iso)}
    </time>
  )
}

/** An amount as the API tells it: a decimal text and its currency. */
export const Money = ({ amount, currency }: { amount: string; currency: string }) => {
  const format = useFormat()
  // A plain space: where it has to break, then before the currency. Elsewhere an-number keeps it on one line.
  return <bdi class="an-number">{format.money({ amount, currency }).replaceAll('\u00a0', ' ')}</bdi>
}

/** A number of things, grouped as the language does. */
export const Count = ({ n }: { n: number }) => {
  const format = useFormat()
  return <bdi class="an-number">{format.count(n)}</bdi>
}

/** What machines read: codes, fingerprints, rules. */
export const Code = ({ children }: { children: ComponentChildren }) => (
  <code class="an-code" dir="ltr">
    {children}
  </code>
)

/** Copies a text and says that it did, for two seconds. */
export const CopyButton = ({ text, label }: { text: string; label?: string }) => {
  const t = useText('ui')
  const [copied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setCopied(false), 2000)
  }
  // Only in a secure context is there a clipboard to write to.
  if (!('clipboard' in navigator)) return null
  return (
    <span class="an-copy">
      <IconButton
        icon={copied ? 'check' : 'copy'}
        label={label ?? t('copy.copy', { text })}
        onClick={() => void copy().catch(() => setCopied(false))}
      />
      <span class="govuk-visually-hidden" role="status">
        {copied ? t('copy.copied') : ''}
      </span>
    </span>
  )
}
