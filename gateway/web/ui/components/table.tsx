// biome-ignore-all lint/a11y/noRedundantRoles: narrow screens show rows as blocks, which would lose what they are
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { Link, useLocation } from 'wouter-preact'
import { messageOf } from '../api/problem.ts'
import { useText } from '../i18n/index.ts'
import { Banner } from './banner.tsx'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import type { Selection } from './selection.ts'
import { Empty, Failure } from './states.tsx'
import { type Column, useColumns } from './table/columns.ts'
import { useRowKeys } from './table/keys.ts'
import type { ListOf } from './table/list-of.ts'
import { BulkBar, Toolbar } from './table/toolbar.tsx'

export { type Selection, useSelection } from './selection.ts'
export type { Column } from './table/columns.ts'
export type { ListOf } from './table/list-of.ts'

export type DataTableProps<R> = {
  /** What the table is called; its columns are remembered under this name. */
  label: string
  /** The first column names the row: it is always shown, and is the link when rows can be opened. */
  columns: readonly Column<R>[]
  list: ListOf<R>
  rowKey: (row: R) => string
  /** Where a row leads. */
  href?: ((row: R) => string) | undefined
  select?: Selection | undefined
  /** What can be done to the chosen rows, by their keys. */
  bulk?: ((selected: readonly string[]) => ComponentChildren) | undefined
  /** What to show when there is nothing to list: `<Empty …/>`. That nothing fits the filters is said by the table. */
  empty: ComponentChildren
  /** Where the whole list is saved as a file. */
  exportHref?: string | undefined
}

/** A page of a list: sorted by the server, its columns chosen by the user, its rows opened and chosen by keys, too. */
export const DataTable = <R,>(props: DataTableProps<R>) => {
  const t = useText('ui')
  const { label, list, rowKey, select, bulk, exportHref } = props
  const choice = useColumns(label, props.columns)
  const box = useRef<HTMLDivElement>(null)
  useRowKeys(box, select?.toggle)
  if (list.problem && !list.rows) return <Failure problem={list.problem} retry={list.refresh} />
  if (list.rows?.length === 0 && !list.isLoading && !list.hasPrevious)
    return isFiltered(list) ? <NothingFits list={list} /> : props.empty
  const keys = list.rows?.map(rowKey) ?? []
  return (
    <div class="an-table" ref={box} data-keys>
      {list.problem && (
        <Banner tone="warning" title={t('table.stale')}>
          {messageOf(list.problem)}
        </Banner>
      )}
      <Toolbar columns={props.columns} choice={choice} list={list} exportHref={exportHref} />
      {/* Whatever is wider than the screen can be scrolled by the keyboard, too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <section class="an-table__scroll" aria-label={t('table.region', { label })} tabIndex={0}>
        {/* The roles stay where narrow screens show rows as cards. */}
        <table
          class="an-table__table"
          role="table"
          aria-busy={list.isLoading || list.isRefreshing}
          aria-label={label}
        >
          <thead role="rowgroup">
            <tr role="row">
              {select && (
                <th role="columnheader" scope="col" class="an-table__check">
                  <SelectAll keys={keys} select={select} />
                </th>
              )}
              {choice.shown.map(column => (
                <Header key={column.key} column={column} list={list} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {list.rows === undefined ? (
              <Skeletons columns={choice.shown.length + (select ? 1 : 0)} />
            ) : (
              list.rows.map(row => <Row {...props} key={rowKey(row)} row={row} columns={choice.shown} />)
            )}
          </tbody>
        </table>
      </section>
      <Pages list={list} chooses={select !== undefined} opens={props.href !== undefined} />
      {select && bulk && <BulkBar selection={select}>{bulk([...select.keys])}</BulkBar>}
      <p class="govuk-visually-hidden" role="status">
        {list.isLoading ? t('states.loading') : t('table.rows', { count: keys.length })}
      </p>
    </div>
  )
}

const isFiltered = (list: ListOf<unknown>): boolean => Object.keys(list.filters ?? {}).length > 0

const NothingFits = ({ list }: { list: ListOf<unknown> }) => {
  const t = useText('ui')
  return (
    <Empty
      title={t('table.nothingFits')}
      action={
        list.clearFilters && (
          <Button kind="secondary" onClick={list.clearFilters}>
            {t('filters.clear')}
          </Button>
        )
      }
    >
      {t('table.nothingFitsHint')}
    </Empty>
  )
}

const SelectAll = ({ keys, select }: { keys: readonly string[]; select: Selection }) => {
  const t = useText('ui')
  const chosen = keys.filter(key => select.keys.has(key)).length
  return (
    <label class="an-check an-check--bare">
      <input
        type="checkbox"
        checked={chosen > 0 && chosen === keys.length}
        indeterminate={chosen > 0 && chosen < keys.length}
        onChange={event => select.setAll(keys, event.currentTarget.checked)}
      />
      <span class="govuk-visually-hidden">{t('table.selectAll')}</span>
    </label>
  )
}

const Header = <R,>({ column, list }: { column: Column<R>; list: ListOf<R> }) => {
  const { sort, label, numeric } = column
  const look = numeric ? 'an-table__numeric' : undefined
  if (sort === undefined)
    return (
      <th role="columnheader" scope="col" class={look}>
        {label}
      </th>
    )
  const order = list.sort === sort ? 'ascending' : list.sort === `-${sort}` ? 'descending' : 'none'
  return (
    <th role="columnheader" scope="col" class={look} aria-sort={order}>
      <button
        type="button"
        class="an-table__sorter"
        onClick={() => list.setSort(order === 'ascending' ? `-${sort}` : sort)}
      >
        {label}
        <Icon name={order === 'ascending' ? 'up' : order === 'descending' ? 'down' : 'sort'} />
      </button>
    </th>
  )
}

type RowProps<R> = Pick<DataTableProps<R>, 'rowKey' | 'href' | 'select'> & {
  row: R
  columns: readonly Column<R>[]
}

const Row = <R,>({ row, columns, rowKey, href, select }: RowProps<R>) => {
  const t = useText('ui')
  const [, navigate] = useLocation()
  const key = rowKey(row)
  const isChosen = select?.keys.has(key) ?? false
  const open = (event: MouseEvent): void => {
    if (href && isOnNothing(event)) navigate(href(row))
  }
  const look = `an-table__row${href ? ' an-table__row--opens' : ''}${isChosen ? ' an-table__row--chosen' : ''}`
  return (
    <tr role="row" class={look} data-row={key} tabIndex={href ? undefined : -1} onClick={open}>
      {select && (
        <td role="cell" class="an-table__check">
          <label class="an-check an-check--bare">
            <input type="checkbox" checked={isChosen} onChange={() => select.toggle(key)} />
            <span class="govuk-visually-hidden">{t('table.select', { key })}</span>
          </label>
        </td>
      )}
      {columns.map((column, index) => (
        <td
          key={column.key}
          role="cell"
          class={column.numeric ? 'an-table__numeric' : undefined}
          data-label={column.label}
        >
          {index === 0 && href ? (
            <Link class="an-table__link" href={href(row)} data-open>
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  )
}

/** A click on the row itself: not on something in it that does something, and not the end of marking text. */
const isOnNothing = (event: MouseEvent): boolean =>
  event.button === 0 &&
  event.target instanceof Element &&
  event.target.closest('a, button, label, input') === null &&
  (getSelection()?.isCollapsed ?? true)

const Skeletons = ({ columns }: { columns: number }) => (
  <>
    {Array.from({ length: 6 }, (_, row) => (
      <tr role="row" key={row} class="an-table__row">
        {Array.from({ length: columns }, (_, column) => (
          <td role="cell" key={column}>
            <span class="an-skeleton" />
          </td>
        ))}
      </tr>
    ))}
  </>
)

type PagesProps<R> = { list: ListOf<R>; chooses: boolean; opens: boolean }

const Pages = <R,>({ list, chooses, opens }: PagesProps<R>) => {
  const t = useText('ui')
  return (
    <div class="an-table__foot">
      <p class="an-table__keys" aria-hidden="true">
        <kbd>j</kbd> <kbd>k</kbd> {t('table.keysMove')}
        {chooses && (
          <>
            {' · '}
            <kbd>x</kbd> {t('table.keysSelect')}
          </>
        )}
        {opens && (
          <>
            {' · '}
            <kbd>Enter</kbd> {t('table.keysOpen')}
          </>
        )}
      </p>
      {(list.hasNext || list.hasPrevious) && (
        <nav class="an-actions" aria-label={t('table.pages')}>
          {list.hasPrevious && (
            <Button kind="quiet" icon="first" onClick={list.first}>
              {t('table.first')}
            </Button>
          )}
          <Button kind="secondary" icon="previous" disabled={!list.hasPrevious} onClick={list.previous}>
            {t('table.previous')}
          </Button>
          {list.page > 0 && <span class="an-table__page">{t('table.page', { page: list.page })}</span>}
          <Button kind="secondary" disabled={!list.hasNext} onClick={list.next}>
            {t('table.next')}
            <Icon name="next" />
          </Button>
        </nav>
      )}
    </div>
  )
}
