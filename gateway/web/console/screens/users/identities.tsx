import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type AnswerOf, changed, useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { SelectField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Code, Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import '../access/access.scss'
import { useIsMe } from '../access/me.ts'

type Identity = AnswerOf<'/api/v1/users/{username}/identities'>['items'][number]

/** Who a user is at identity providers: confirmed by themselves, or waiting for that. */
export const Identities = ({ username }: { username: string }) => {
  const t = useText('users')
  const isMe = useIsMe()(username)
  const mayWrite = useMay('user:write') && !isMe
  const mayChoose = useMay('identity-provider:read')
  const [isLinking, setLinking] = useState(false)
  const init = { params: { path: { username } } }
  const { data, problem, refresh } = useGet('/api/v1/users/{username}/identities', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  return (
    <Section
      title={t('identities.title')}
      actions={
        mayWrite &&
        mayChoose && (
          <Button kind="secondary" icon="add" onClick={() => setLinking(true)}>
            {t('identities.link')}
          </Button>
        )
      }
    >
      {data.items.length === 0 ? (
        <Empty icon="user" title={t('identities.none')}>
          {t('identities.noneHint')}
        </Empty>
      ) : (
        <ul class="an-held">
          {data.items.map(identity => (
            <Linked key={identity.provider} identity={identity} username={username} mayWrite={mayWrite} />
          ))}
        </ul>
      )}
      {isLinking && <LinkDialog username={username} onClose={() => setLinking(false)} />}
    </Section>
  )
}

type LinkedProps = { identity: Identity; username: string; mayWrite: boolean }

const Linked = ({ identity, username, mayWrite }: LinkedProps) => {
  const t = useText('users')
  const path = { username, provider: identity.provider }
  const unlink = useAction({
    act: () => api.DELETE('/api/v1/users/{username}/identities/{provider}', { params: { path } }),
    ask: () => ({
      title: t('identities.unlinkTitle', { provider: identity.provider }),
      body: <p>{t('identities.unlinkText')}</p>,
      confirm: t('identities.unlink'),
      kind: 'warning',
    }),
    done: t('identities.unlinked'),
  })
  return (
    <li class="an-held__item">
      <div class="an-grant__head">
        <span class="an-held__role">
          <Name>{identity.provider}</Name>
        </span>
        {mayWrite && (
          <Button kind="quiet" busy={unlink.busy} onClick={() => void unlink.run()}>
            {t('identities.unlink')}
          </Button>
        )}
      </div>
      <span>
        <Tag tone={identity.state === 'confirmed' ? 'good' : 'warning'}>
          {t(`identities.${identity.state}`)}
        </Tag>
      </span>
      <span class="an-held__where">
        <Code>{identity.subject}</Code> · <Instant iso={identity.linkedAt} />
      </span>
    </li>
  )
}

/** Says who a user is at a provider. It signs nobody in until the user confirms it. */
const LinkDialog = ({ username, onClose }: { username: string; onClose: () => void }) => {
  const t = useText('users')
  const providers = useGet('/api/v1/identity-providers', {}).data?.items ?? []
  const form = useForm({
    initial: { provider: '', subject: '' },
    submit: ({ provider, subject }) =>
      dataOf(
        api.POST('/api/v1/users/{username}/identities', {
          params: { path: { username } },
          body: { provider, subject: subject.trim() },
        }),
      ),
    onDone: () => {
      void changed()
      toast('success', t('identities.linked'))
      onClose()
    },
  })
  return (
    <Dialog title={t('identities.link')} open onClose={onClose}>
      <Form form={form} submit={t('identities.link')}>
        <p>{t('identities.linkText')}</p>
        <SelectField
          form={form}
          name="provider"
          label={t('identities.provider')}
          options={providers.map(({ code, name }) => ({ value: code, label: name }))}
        />
        <TextField
          form={form}
          name="subject"
          label={t('identities.subject')}
          hint={t('identities.subjectHint')}
          dir="ltr"
          spellcheck={false}
        />
      </Form>
    </Dialog>
  )
}
