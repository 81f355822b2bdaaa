import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { GrantsForm } from '../access/grants-form.tsx'

/** Changing what an API client is granted. */
export const EditClientGrants = ({ params }: ScreenProps) => {
  const t = useText('clients')
  const path = { clientId: params.clientId! }
  const { data: client, problem, refresh } = useGet('/api/v1/clients/{clientId}', { params: { path } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!client) return <Loading />
  const here = `/clients/${client.clientId}?tab=grants`
  return (
    <Page
      title={t('grantsTitle', { name: client.name })}
      lead={t('grantsLead')}
      back={{ href: here, label: client.name }}
    >
      <GrantsForm
        holder={client}
        here={here}
        done={t('grantsSaved')}
        draft={`clients/${client.clientId}/grants`}
        save={(grants, ifMatch) =>
          dataOf(
            api.PUT('/api/v1/clients/{clientId}/grants', {
              params: { path, header: { 'If-Match': ifMatch } },
              body: { grants },
            }),
          )
        }
      />
    </Page>
  )
}
