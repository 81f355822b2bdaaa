import { useId, useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { List } from '../../../ui/api/list.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Instant } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { Entry } from '../deeds/sentence.tsx'
import { Sentence } from '../deeds/sentence.tsx'
import { Changed, saysMore } from '../deeds/values.tsx'
import type { Meanings } from '../deeds/words.ts'
import { useSearch, useTrail, useVocabulary } from './trail.ts'
import { TrailFilters } from './trail-filters.tsx'

/** The audit trail, searched: newest first, each entry a sentence that opens to what changed. */
export const AuditList = () => {
  const t = useText('audit')
  const mayExport = useMay('audit:export')
  const search = useSearch()
  const list = useTrail(search)
  const { meanings } = useVocabulary()
  const query = new URLSearchParams(location.search)
  query.delete('cursor')
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <>
          {mayExport && (
            <LinkButton icon="download" href={`/audit/export?${query}`}>
              {t('export.title')}
            </LinkButton>
          )}
          <LinkButton icon="lock" href="/audit/heads">
            {t('heads.title')}
          </LinkButton>
        </>
      }
    >
      <TrailFilters search={search} />
      {!search.fault && <Found list={list} meanings={meanings} isNarrowed={query.size > 0} />}
    </Page>
  )
}

type FoundProps = { list: List<Entry>; meanings: Meanings; isNarrowed: boolean }

const Found = ({ list, meanings, isNarrowed }: FoundProps) => {
  const t = useText('audit')
  const unknown = list.problem?.errors.find(({ pointer }) => pointer.endsWith('subject'))
  if (unknown)
    return (
      <Banner tone="warning" title={t('noSubject')}>
        <bdi>{unknown.detail}</bdi>
      </Banner>
    )
  return (
    <DataTable
      label={t('title')}
      columns={columnsOf(t, meanings)}
      list={list}
      rowKey={entry => entry.id}
      empty={<Empty title={t('none')}>{t(isNarrowed ? 'noneFound' : 'noneYet')}</Empty>}
    />
  )
}

const columnsOf = (t: ReturnType<typeof useText<'audit'>>, meanings: Meanings): Column<Entry>[] => [
  {
    key: 'at',
    label: t('when'),
    cell: entry => (
      <Link class="an-table__link an-audit-when" href={`/audit/${entry.id}`} data-open>
        <Instant iso={entry.at} full />
      </Link>
    ),
  },
  {
    key: 'what',
    label: t('what'),
    cell: entry => (
      <div class="an-audit-what">
        <Sentence entry={entry} meanings={meanings} />
        <Change entry={entry} />
      </div>
    ),
  },
  { key: 'reason', label: t('reason'), cell: entry => <bdi>{entry.reason}</bdi>, hidden: true },
  {
    key: 'address',
    label: t('address'),
    cell: entry => entry.address && <Code>{entry.address}</Code>,
    hidden: true,
  },
  { key: 'request', label: t('request'), cell: entry => <Code>{entry.requestId}</Code>, hidden: true },
]

/** What an entry says of before and after, on demand. */
const Change = ({ entry: { before, after, reason } }: { entry: Entry }) => {
  const t = useText('audit')
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  if (!saysMore(before, after) && !reason) return null
  return (
    <div>
      <Button
        kind="quiet"
        icon={isOpen ? 'up' : 'down'}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {t(isOpen ? 'hideChange' : 'showChange')}
      </Button>
      <div id={id}>
        {isOpen && reason && (
          <p>
            {t('reason')}: <bdi>{reason}</bdi>
          </p>
        )}
        {isOpen && saysMore(before, after) && <Changed before={before} after={after} />}
      </div>
    </div>
  )
}
