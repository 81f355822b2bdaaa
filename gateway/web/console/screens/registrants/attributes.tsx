import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Day, Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import type { Registrant } from './words.tsx'

type Definition = AnswerOf<'/api/v1/attribute-definitions'>['items'][number]

/** What an installation keeps besides: custom attributes by their labels. */
export const Attributes = ({ registrant: { kind, attributes } }: { registrant: Registrant }) => {
  const t = useText('registrants')
  const { data } = useGet('/api/v1/attribute-definitions', {})
  const entries = Object.entries(attributes as Readonly<Record<string, unknown>>)
  if (entries.length === 0) return null
  const definitionOf = (code: string) =>
    data?.items.find(definition => definition.kind === kind && definition.code === code)
  return (
    <Section title={t('attributes')}>
      <Summary
        rows={entries.map(([code, value]) => {
          const definition = definitionOf(code)
          return { label: definition?.label ?? code, value: <Value value={value} type={definition?.type} /> }
        })}
      />
    </Section>
  )
}

const Value = ({ value, type }: { value: unknown; type: Definition['type'] | undefined }) => {
  const t = useText('ui')
  const format = useFormat()
  if (typeof value === 'boolean') return <>{t(value ? 'difference.yes' : 'difference.no')}</>
  if (typeof value === 'number') return <bdi>{format.number(value)}</bdi>
  if (type === 'date' && typeof value === 'string') return <Day iso={value} />
  return <Name>{typeof value === 'string' ? value : JSON.stringify(value)}</Name>
}
