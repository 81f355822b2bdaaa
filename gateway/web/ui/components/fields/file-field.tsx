import { useRef, useState } from 'preact/hooks'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/index.ts'
import { IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { Name } from '../text.tsx'
import { type FieldProps, Frame, useField } from './field.tsx'

export type FileFieldProps<V extends object> = FieldProps<V, File> & {
  /** What is taken, as in HTML: `.csv,text/csv`. */
  accept?: string | undefined
  /** The largest file that is taken, in bytes. */
  maxBytes?: number | undefined
}

/** A file, chosen or dropped here; its name, size and type are shown before it is sent. */
export const FileField = <V extends object>(props: FileFieldProps<V>) => {
  const t = useText('ui')
  const size = useSize()
  const { maxBytes } = props
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const field = useField<V, File>(props, {
    chooses: true,
    check: file =>
      file && maxBytes !== undefined && file.size > maxBytes
        ? t('file.large', { max: size(maxBytes) })
        : undefined,
  })
  const clear = (): void => {
    if (input.current) input.current.value = ''
    field.set(undefined)
    input.current?.focus()
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer?.files[0]
    if (file && !props.disabled) field.set(file)
  }
  return (
    <Frame {...props} id={field.id} error={field.error}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the input in it does the same by keyboard */}
      <div
        class={isOver ? 'an-file an-file--over' : 'an-file'}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          {...field.aria}
          ref={input}
          type="file"
          class="an-file__input govuk-visually-hidden"
          id={field.id}
          accept={props.accept}
          disabled={props.disabled}
          onChange={event => field.set(event.currentTarget.files?.[0])}
        />
        <label class="an-button an-button--secondary" for={field.id}>
          <Icon name="upload" />
          {t('file.choose')}
        </label>
        {field.value ? (
          <p class="an-file__chosen">
            <Icon name="file" />
            <span class="an-file__name">
              <Name>{field.value.name}</Name>
              <span class="an-file__size">
                {size(field.value.size)}
                {field.value.type !== '' && ` · ${field.value.type}`}
              </span>
            </span>
            <IconButton icon="close" label={t('file.remove', { name: field.value.name })} onClick={clear} />
          </p>
        ) : (
          <p class="an-file__drop" aria-hidden="true">
            {t('file.drop')}
          </p>
        )}
      </div>
    </Frame>
  )
}

const UNITS = ['bytes', 'kilobytes', 'megabytes', 'gigabytes'] as const

/** Says sizes in the largest unit that leaves at least one of it. */
const useSize = (): ((bytes: number) => string) => {
  const t = useText('ui')
  const format = useFormat()
  return bytes => {
    const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1)
    const unit = UNITS[power] ?? 'bytes'
    return t(`file.${unit}`, { size: format.number(Math.round((bytes / 1000 ** power) * 10) / 10) })
  }
}
