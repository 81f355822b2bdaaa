import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { ApiProblem } from '../../../ui/api/problem.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner, toast } from '../../../ui/components/banner.tsx'
import { FileField, RadioField, TextArea } from '../../../ui/components/fields.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { type Text, useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import type { Client } from './detail.tsx'
import { type GivenKey, readJwks } from './jwk.ts'
import { Keys } from './keys.tsx'
import type clients from './texts/en.json'

/** Putting other public keys in the place of those that a client has. */
export const EditClientKeys = ({ params }: ScreenProps) => {
  const init = { params: { path: { clientId: params.clientId! } } }
  const { data: client, problem, refresh } = useGet('/api/v1/clients/{clientId}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  return client ? <KeysForm client={client} /> : <Loading />
}

type Values = { what: string; how: string; text: string; file: File | undefined; keys: string }

const MOST_BYTES = 100_000

/** The keys that were given; what is wrong with them is thrown as the API would refuse it. */
const keysOf = async ({ what, how, text, file }: Values, t: Text<typeof clients>): Promise<GivenKey[]> => {
  if (what === 'none') return []
  const read = readJwks(how === 'file' && file ? await file.text() : text)
  if ('keys' in read) return read.keys
  const detail = t(`keys.problems.${read.problem}`)
  const errors = [{ pointer: how === 'file' ? '/file' : '/text', code: 'jwk', detail }]
  throw new ApiProblem({ status: 400, title: detail, detail, errors })
}

const KeysForm = ({ client }: { client: Client }) => {
  const t = useText('clients')
  const [, go] = useLocation()
  const here = `/clients/${client.clientId}?tab=credentials`
  const editing = useEditing<Client, Values>({
    thing: client,
    valuesOf: ({ keys }) => ({
      what: 'some',
      how: 'text',
      text: '',
      file: undefined,
      keys: keys.map(({ kid }) => kid).join(', '),
    }),
    save: async (values, ifMatch) => {
      const keys = await keysOf(values, t)
      const path = { clientId: client.clientId }
      const init = { params: { path, header: { 'If-Match': ifMatch } }, body: { keys } }
      return dataOf(api.PUT('/api/v1/clients/{clientId}/keys', init)).catch(at(values.how))
    },
    onDone: () => {
      toast('success', t('keys.saved'))
      go(here)
    },
  })
  const { form } = editing
  return (
    <Page title={t('keys.titleOf', { name: client.name })} back={{ href: here, label: client.name }}>
      <Meanwhile editing={editing} label={() => t('keys.title')} />
      <Keys client={client} />
      <Form form={form} cancel={here} submit={t('keys.replace')}>
        <Section title={t('keys.replace')}>
          <Banner tone="info">
            <p>{t('keys.replaceText')}</p>
          </Banner>
          <RadioField
            form={form}
            name="what"
            label={t('keys.what')}
            options={[
              { value: 'some', label: t('keys.some') },
              { value: 'none', label: t('keys.noneAnyMore'), hint: t('keys.noneHint') },
            ]}
          />
          {form.values.what === 'some' && (
            <>
              <RadioField
                form={form}
                name="how"
                label={t('keys.how')}
                inline
                options={[
                  { value: 'text', label: t('keys.paste') },
                  { value: 'file', label: t('keys.upload') },
                ]}
              />
              {form.values.how === 'file' ? (
                <FileField
                  form={form}
                  name="file"
                  label={t('keys.file')}
                  hint={t('keys.hint')}
                  accept=".json,.jwk,.jwks,application/json"
                  maxBytes={MOST_BYTES}
                />
              ) : (
                <TextArea form={form} name="text" label={t('keys.text')} hint={t('keys.hint')} rows={8} />
              )}
            </>
          )}
        </Section>
      </Form>
    </Page>
  )
}

/** What the server says of a key is shown where the keys were given. */
const at =
  (how: string) =>
  (problem: unknown): never => {
    if (!(problem instanceof ApiProblem)) throw problem
    const pointer = how === 'file' ? '/file' : '/text'
    throw new ApiProblem({
      status: problem.status,
      title: problem.title,
      detail: problem.detail,
      ...(problem.rule === undefined ? {} : { rule: problem.rule }),
      errors: problem.errors.map(error => ({ ...error, pointer })),
    })
  }
