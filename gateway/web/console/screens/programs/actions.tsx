import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Menu } from '../../../ui/components/menu.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { Program } from './words.tsx'

/** What can be done to a program as a whole. */
export const ProgramActions = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const mayWrite = useMay('program:write')
  const { code, name, state } = program
  const params = { path: { code } }
  const activate = useAction({
    act: () => dataOf(api.POST('/api/v1/programs/{code}/activate', { params })),
    ask: () => ({
      title: t('activate.title', { name }),
      body: <p>{t('activate.text')}</p>,
      confirm: t('activate.do'),
    }),
    done: t('activate.done'),
  })
  const end = useAction({
    act: () => dataOf(api.POST('/api/v1/programs/{code}/end', { params })),
    ask: () => ({
      title: t('end.title', { name }),
      body: <p>{t('end.text')}</p>,
      confirm: t('end.do'),
      kind: 'warning',
      typed: code,
    }),
    done: t('end.done'),
  })
  if (!mayWrite || state === 'ended') return null
  return (
    <>
      {state === 'draft' && (
        <Button busy={activate.busy} onClick={() => void activate.run()}>
          {t('activate.do')}
        </Button>
      )}
      <LinkButton icon="edit" href={`/programs/${code}/edit`}>
        {t('edit')}
      </LinkButton>
      <Menu label={t('more')} items={[{ label: t('end.do'), tone: 'bad', onSelect: () => void end.run() }]} />
    </>
  )
}
