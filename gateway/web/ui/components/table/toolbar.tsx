import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useText } from '../../i18n/index.ts'
import { Button, LinkButton } from '../button.tsx'
import { keepOnScreen } from '../on-screen.ts'
import type { Selection } from '../selection.ts'
import type { Column, ColumnChoice } from './columns.ts'
import type { ListOf } from './list-of.ts'

type ToolbarProps<R> = {
  columns: readonly Column<R>[]
  choice: ColumnChoice<R>
  list: ListOf<R>
  exportHref?: string | undefined
}

/** What stands over a table: sorting where there is no room for headers, export, columns. */
export const Toolbar = <R,>({ columns, choice, list, exportHref }: ToolbarProps<R>) => {
  const t = useText('ui')
  return (
    <div class="an-table__tools">
      <SortSelect columns={choice.shown} list={list} />
      {exportHref !== undefined && (
        <LinkButton href={exportHref} kind="quiet" icon="download" download>
          {t('table.export')}
        </LinkButton>
      )}
      {columns.length > 1 && <ColumnChooser columns={columns} choice={choice} />}
    </div>
  )
}

const SortSelect = <R,>({ columns, list }: { columns: readonly Column<R>[]; list: ListOf<R> }) => {
  const t = useText('ui')
  const id = useId()
  const sortable = columns.filter(column => column.sort !== undefined)
  if (sortable.length === 0) return null
  return (
    <div class="an-table__sort">
      <label class="govuk-visually-hidden" for={id}>
        {t('table.sortBy')}
      </label>
      <select
        id={id}
        class="govuk-select"
        value={list.sort ?? ''}
        onChange={event => list.setSort(event.currentTarget.value || undefined)}
      >
        <option value="">{t('table.sortBy')}</option>
        {sortable.flatMap(({ sort, label }) => [
          <option key={sort} value={sort}>
            {t('table.ascending', { label })}
          </option>,
          <option key={`-${sort}`} value={`-${sort}`}>
            {t('table.descending', { label })}
          </option>,
        ])}
      </select>
    </div>
  )
}

const ColumnChooser = <R,>({
  columns,
  choice,
}: {
  columns: readonly Column<R>[]
  choice: ColumnChoice<R>
}) => {
  const t = useText('ui')
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isOpen) return
    keepOnScreen(box.current?.querySelector('fieldset') ?? null)
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [isOpen])
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isOpen) return
    event.stopPropagation()
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what its button opened, wherever the focus is in it
    <div class="an-menu" ref={box} onKeyDown={onKey}>
      <Button
        kind="quiet"
        icon="columns"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {t('table.columns')}
      </Button>
      {isOpen && (
        <fieldset class="an-menu__list an-columns-chooser" id={id}>
          <legend class="govuk-visually-hidden">{t('table.columns')}</legend>
          {columns.map((column, index) => (
            <label class="an-check" key={column.key}>
              <input
                type="checkbox"
                checked={choice.isShown(column)}
                disabled={index === 0}
                onChange={() => choice.toggle(column)}
              />
              <span>{column.label}</span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  )
}

/** What can be done to the chosen rows, at the foot of the screen while there are any. */
export const BulkBar = ({ selection, children }: { selection: Selection; children: ComponentChildren }) => {
  const t = useText('ui')
  if (selection.keys.size === 0) return null
  return (
    <section class="an-bulk" aria-label={t('table.bulk')}>
      <p class="an-bulk__count" role="status">
        {t('table.selected', { count: selection.keys.size })}
      </p>
      <div class="an-actions">
        {children}
        <Button kind="quiet" icon="close" onClick={selection.clear}>
          {t('table.unselect')}
        </Button>
      </div>
    </section>
  )
}
