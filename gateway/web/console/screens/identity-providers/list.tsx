import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import '../access/access.scss'
import { StatusTag } from '../access/status-tag.tsx'

/** Whoever signs users in besides their passwords. There are a few at most: one page holds them all. */
export const IdentityProviderList = () => {
  const t = useText('identity-providers')
  const mayWrite = useMay('identity-provider:write')
  const { data, problem, refresh } = useGet('/api/v1/identity-providers', {})
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  const add = mayWrite && (
    <LinkButton kind="primary" icon="add" href="/identity-providers/new">
      {t('add')}
    </LinkButton>
  )
  return (
    <Page title={t('title')} lead={t('lead')} actions={data.items.length > 0 && add}>
      {data.items.length === 0 ? (
        <Empty icon="lock" title={t('none')} action={add}>
          {t('noneHint')}
        </Empty>
      ) : (
        <Section title={t('title')}>
          <ul class="an-held">
            {data.items.map(provider => (
              <li class="an-held__item" key={provider.code}>
                <div class="an-grant__head">
                  <Link class="an-held__role" href={`/identity-providers/${provider.code}`}>
                    <Name>{provider.name}</Name>
                  </Link>
                  <StatusTag status={provider.state} />
                </div>
                <span class="an-held__where">
                  <Code>{provider.issuer}</Code>
                </span>
                <span class="an-held__where">{t('mappings', { count: provider.mappings.length })}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  )
}
