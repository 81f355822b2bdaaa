import type { ComponentChildren, JSX, Ref } from 'preact'
import { Link } from 'wouter-preact'
import { Icon, type IconName } from './icon.tsx'

/** One `primary` on a page; `warning` for what cannot be taken back; `quiet` beside a thing in a row or a corner. */
export type ButtonKind = 'primary' | 'secondary' | 'warning' | 'quiet'

type Aria = { [name in `aria-${string}`]?: string | boolean | undefined }

export type ButtonProps = Aria & {
  kind?: ButtonKind | undefined
  /** Works on it: is disabled for clicks, but keeps the focus, and says so. */
  busy?: boolean | undefined
  disabled?: boolean | undefined
  type?: 'button' | 'submit' | 'reset' | undefined
  icon?: IconName | undefined
  id?: string | undefined
  class?: string | undefined
  buttonRef?: Ref<HTMLButtonElement> | undefined
  onClick?: JSX.MouseEventHandler<HTMLButtonElement> | undefined
  children: ComponentChildren
}

/** A button of at least 44 × 44 px. An icon stands before its words. */
export const Button = (props: ButtonProps) => {
  const {
    kind = 'primary',
    busy = false,
    type = 'button',
    icon,
    buttonRef,
    onClick,
    children,
    ...rest
  } = props
  return (
    <button
      {...rest}
      ref={buttonRef ?? null}
      type={type}
      class={`an-button an-button--${kind} ${props.class ?? ''}`}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={event => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {busy ? <span class="an-spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}

export type LinkButtonProps = {
  /** Within the console, such as `/users/new`; with `download` any address of this server. */
  href: string
  kind?: ButtonKind | undefined
  icon?: IconName | undefined
  /** Saved by the browser instead of opened. */
  download?: boolean | undefined
  children: ComponentChildren
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export const LinkButton = ({ href, kind = 'secondary', icon, download, children }: LinkButtonProps) => {
  const look = `an-button an-button--${kind}`
  const content = (
    <>
      {icon && <Icon name={icon} />}
      {children}
    </>
  )
  if (download)
    return (
      <a class={look} href={href} download>
        {content}
      </a>
    )
  return (
    <Link class={look} href={href}>
      {content}
    </Link>
  )
}

/** A button that is only a picture; its words are for assistive technology and shown as its title. */
export const IconButton = ({
  icon,
  label,
  ...rest
}: Omit<ButtonProps, 'children' | 'icon'> & { icon: IconName; label: string }) => (
  <Button kind="quiet" {...rest} class={`an-button--icon ${rest.class ?? ''}`} aria-label={label}>
    <Icon name={icon} />
  </Button>
)
