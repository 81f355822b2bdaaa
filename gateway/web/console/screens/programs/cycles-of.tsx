import { useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { CycleTable } from '../cycles/cycle-table.tsx'
import type { Program } from './words.tsx'

/** The cycles of a program. */
export const CyclesOf = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const mayOpen = useMay('cycle:prepare') && program.state === 'active'
  const list = useList('/api/v1/programs/{code}/cycles', { path: { code: program.code }, prefix: 'cycles-' })
  const open = mayOpen && (
    <LinkButton kind="primary" icon="add" href={`/programs/${program.code}/cycles/new`}>
      {t('open.do')}
    </LinkButton>
  )
  return (
    <div class="pr-stack">
      {open && <div class="an-actions">{open}</div>}
      <CycleTable
        list={list}
        ofOneProgram
        empty={
          <Empty title={t('open.none')}>
            {t(program.state === 'active' ? 'open.noneText' : 'open.notActive')}
          </Empty>
        }
      />
    </div>
  )
}
