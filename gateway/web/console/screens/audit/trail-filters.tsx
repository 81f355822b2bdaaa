import { useState } from 'preact/hooks'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { type FilterField, Filters } from '../../../ui/components/filters.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { deedOf, kindOf } from '../deeds/words.ts'
import { type Search, useVocabulary } from './trail.ts'

type Option = { value: string; label: string }

const byLabel = (a: Option, b: Option): number => a.label.localeCompare(b.label)
const isSet = (search: Search, name: string): boolean => Boolean(search.filters[name])

/** Groups of deeds, and the deeds of the chosen one. */
const useDeeds = (search: Search): { groups: Option[]; deeds: Option[] } => {
  const { vocabulary, meanings } = useVocabulary()
  const actions = vocabulary?.actions.map(({ action }) => action) ?? []
  const { group } = search.filters
  return {
    groups: [...new Set(actions.map(action => action.split('.')[0]!))]
      .map(kind => ({ value: `${kind}.`, label: kindOf(kind) }))
      .sort(byLabel),
    deeds: actions
      .filter(action => group && action.startsWith(group))
      .map(action => ({ value: action, label: deedOf(action, meanings) }))
      .sort(byLabel),
  }
}

const useFields = (search: Search): { usual: FilterField[]; rare: FilterField[] } => {
  const t = useText('audit')
  const { vocabulary } = useVocabulary()
  const { groups, deeds } = useDeeds(search)
  const types = vocabulary?.subjects.map(({ type }) => ({ value: type, label: kindOf(type) })) ?? []
  const actors = (['user', 'client', 'system'] as const).map(kind => ({
    value: kind,
    label: t(`actors.${kind}`),
  }))
  return {
    usual: [
      { kind: 'text', name: 'actor', label: t('who') },
      { kind: 'select', name: 'group', label: t('group'), options: groups },
      ...(deeds.length > 0
        ? [{ kind: 'select', name: 'action', label: t('deed'), options: deeds } as const]
        : []),
      { kind: 'text', name: 'subject', label: t('subject') },
    ],
    rare: [
      { kind: 'day', name: 'from', label: t('from') },
      { kind: 'day', name: 'to', label: t('to') },
      { kind: 'select', name: 'subjectType', label: t('subjectType'), options: types.sort(byLabel) },
      { kind: 'select', name: 'actorKind', label: t('actorKind'), options: actors },
      { kind: 'text', name: 'onBehalfOf', label: t('behalf') },
      { kind: 'text', name: 'reason', label: t('reason') },
      { kind: 'text', name: 'address', label: t('address') },
      { kind: 'text', name: 'requestId', label: t('request') },
    ],
  }
}

/** What the trail is narrowed by: the usual first, the rest on demand and where it is set. */
export const TrailFilters = ({ search }: { search: Search }) => {
  const t = useText('audit')
  const [isOpen, setOpen] = useState(false)
  const { usual, rare } = useFields(search)
  const shown = rare.filter(({ name }) => isOpen || isSet(search, name))
  return (
    <>
      <Filters list={withoutEmpty(search)} fields={[...usual, ...shown]} />
      <div class="an-actions">
        <Button kind="quiet" icon="filter" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'fewer' : 'more')}
        </Button>
      </div>
      {search.fault && (
        <Banner tone="warning" title={t(`period.${search.fault}`)}>
          {t(`period.${search.fault}Hint`)}
        </Banner>
      )}
    </>
  )
}

/** Only what is set: an empty action is a group of which no deed was chosen. */
const withoutEmpty = (search: Search): Search => ({
  ...search,
  filters: Object.fromEntries(Object.entries(search.filters).filter(([, value]) => value !== '')),
})
