import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner, toast } from '../../../ui/components/banner.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import { ProgramFields } from './program-fields.tsx'
import { bodyOf, valuesOf } from './values.ts'
import type { Program } from './words.tsx'

/** Changing a program: its name, its fund, its rules, and how much it gives. */
export const EditProgram = ({ params }: ScreenProps) => {
  const init = { params: { path: { code: params.code! } } }
  const { data: program, problem, refresh } = useGet('/api/v1/programs/{code}', init)
  if (problem && !program) return <Failure problem={problem} retry={refresh} />
  return program ? <ProgramForm program={program} /> : <Loading />
}

const ProgramForm = ({ program }: { program: Program }) => {
  const t = useText('programs')
  const [, go] = useLocation()
  const { code } = program
  const here = `/programs/${code}`
  const editing = useEditing({
    thing: program,
    valuesOf,
    save: (values, ifMatch) =>
      dataOf(
        api.PUT('/api/v1/programs/{code}', {
          params: { path: { code }, header: { 'If-Match': ifMatch } },
          body: bodyOf(values),
        }),
      ),
    onDone: () => {
      toast('success', t('saved'))
      go(here)
    },
    draft: `programs/${code}`,
  })
  return (
    <Page title={t('editTitle', { name: program.name })} back={{ href: here, label: program.name }}>
      <Meanwhile editing={editing} label={field => textOr('programs', `fields.${field}`, field)} />
      {program.state === 'active' && <Banner tone="info">{t('editActive')}</Banner>}
      <Form form={editing.form} cancel={here}>
        <ProgramFields form={editing.form} isNew={false} />
      </Form>
    </Page>
  )
}
