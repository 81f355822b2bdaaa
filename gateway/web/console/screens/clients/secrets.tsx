import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { NumberField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Code, Day, Instant } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import '../access/access.scss'
import { Once } from '../access/once.tsx'
import type { Client } from './detail.tsx'
import { Expiry } from './expiry.tsx'

/** The secrets that work, by how they end; a new one takes their place with some overlap. */
export const Secrets = ({ client }: { client: Client }) => {
  const t = useText('clients')
  const mayWrite = useMay('client:write')
  const [isRotating, setRotating] = useState(false)
  return (
    <Section
      title={t('secret.title')}
      actions={
        mayWrite && (
          <Button kind="secondary" icon="refresh" onClick={() => setRotating(true)}>
            {t('secret.new')}
          </Button>
        )
      }
    >
      {client.secrets.length === 0 ? (
        <p class="an-muted">{t('secret.none')}</p>
      ) : (
        <ul class="an-held">
          {client.secrets.map(secret => (
            <Secret key={secret.id} secret={secret} clientId={client.clientId} mayEnd={mayWrite} />
          ))}
        </ul>
      )}
      {isRotating && <Rotate client={client} onClose={() => setRotating(false)} />}
    </Section>
  )
}

type SecretProps = { secret: Client['secrets'][number]; clientId: string; mayEnd: boolean }

const Secret = ({ secret, clientId, mayEnd }: SecretProps) => {
  const t = useText('clients')
  const path = { clientId, secret: secret.id }
  const end = useAction({
    act: () => dataOf(api.DELETE('/api/v1/clients/{clientId}/secrets/{secret}', { params: { path } })),
    ask: () => ({
      title: t('secret.endTitle', { hint: secret.hint ?? secret.id }),
      body: <p>{t('secret.endText')}</p>,
      confirm: t('secret.end'),
      kind: 'warning',
    }),
    done: t('secret.ended'),
  })
  return (
    <li class="an-held__item">
      <div class="an-grant__head">
        <span class="an-held__role">
          <Code>{secret.hint === null ? secret.id : `…${secret.hint}`}</Code>
        </span>
        {mayEnd && (
          <Button kind="quiet" busy={end.busy} onClick={() => void end.run()}>
            {t('secret.end')}
          </Button>
        )}
      </div>
      <span class="an-held__where">
        {t('secret.ends')}: <Expiry at={secret.expiresAt} />
      </span>
      <span class="an-held__where">
        {t('createdAt')}: <Instant iso={secret.createdAt} /> · {t('lastUsed')}:{' '}
        {secret.lastUsed ? <Day iso={secret.lastUsed} /> : t('never')}
      </span>
    </li>
  )
}

/** Gives the client a new secret; those before go on working for some hours. */
const Rotate = ({ client, onClose }: { client: Client; onClose: () => void }) => {
  const t = useText('clients')
  const [secret, setSecret] = useState<string>()
  const path = { clientId: client.clientId }
  const form = useForm({
    initial: { graceHours: 24 as number | undefined },
    submit: ({ graceHours = 24 }) =>
      dataOf(api.POST('/api/v1/clients/{clientId}/secrets', { params: { path }, body: { graceHours } })),
    onDone: made => {
      void changed()
      setSecret(made.secret)
    },
  })
  return (
    <Dialog title={t('secret.new')} open onClose={onClose}>
      {secret === undefined ? (
        <Form form={form} submit={t('secret.new')}>
          <p>{t('secret.newText')}</p>
          <NumberField
            form={form}
            name="graceHours"
            label={t('secret.grace')}
            hint={t('secret.graceHint')}
            min={0}
            max={720}
          />
        </Form>
      ) : (
        <Once
          title={t('secret.shown')}
          secret={secret}
          file={`${client.clientId}.secret.txt`}
          onKept={onClose}
        >
          {t('secret.of', { id: client.clientId })}
        </Once>
      )}
    </Dialog>
  )
}
