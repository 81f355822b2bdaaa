import type { Me } from '../../../ui/api/session.ts'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { groupName, inGroups, maskName, permissionName } from '../access/names.ts'

type Grant = Me['grants'][number]

/** Who I am here, and what I may do where. */
export const Profile = ({ me }: { me: Me }) => {
  const t = useText('account')
  return (
    <div class="an-stack">
      <Section title={t('profile.title')}>
        <Summary
          rows={[
            { label: t('profile.name'), value: <Name>{me.displayName}</Name> },
            { label: t('profile.username'), value: <Code>{me.name}</Code> },
            {
              label: t('profile.email'),
              value: me.email ? (
                <bdi dir="ltr">{me.email}</bdi>
              ) : (
                <span class="an-muted">{t('profile.none')}</span>
              ),
            },
          ]}
        />
        <p class="an-muted">{t('profile.changedBy')}</p>
      </Section>
      <Section title={t('rights.title')} plain>
        {me.grants.length === 0 ? (
          <Empty icon="lock" title={t('rights.none')}>
            {t('rights.noneText')}
          </Empty>
        ) : (
          <div class="an-grants">
            {me.grants.map(grant => (
              <GrantCard key={keyOf(grant)} grant={grant} />
            ))}
          </div>
        )}
      </Section>
    </div>
  )
}

const keyOf = ({ role, areas, programs }: Grant): string => JSON.stringify([role, areas, programs])

/** A role, where it holds, what it allows, and what is seen only in part. */
const GrantCard = ({ grant }: { grant: Grant }) => {
  const t = useText('account')
  const { role = '', roleName = role, areas, areaNames, programs, programNames, permissions, masks } = grant
  const name = textOr('access', `roles.${role}`, roleName)
  return (
    <section class="an-section an-grant" aria-label={name}>
      <h3 class="an-grant__role">
        <Name>{name}</Name>
      </h3>
      <Summary
        rows={[
          {
            label: t('rights.where'),
            value: areas ? <Places codes={areas} names={areaNames} /> : t('rights.everywhere'),
          },
          {
            label: t('rights.programs'),
            value: programs ? <Places codes={programs} names={programNames} /> : t('rights.allPrograms'),
          },
          {
            label: t('rights.inPart'),
            value: masks.length > 0 ? <Masks masks={masks} /> : t('rights.inFull'),
          },
        ]}
      />
      <details class="an-grant__permissions">
        <summary>{t('rights.may', { count: permissions.length })}</summary>
        {inGroups(permissions).map(({ group, permissions: within }) => (
          <div key={group}>
            <h4>{groupName(group)}</h4>
            <ul>
              {within.map(permission => (
                <li key={permission}>{permissionName(permission)}</li>
              ))}
            </ul>
          </div>
        ))}
      </details>
    </section>
  )
}

const Places = ({
  codes,
  names = [],
}: {
  codes: readonly string[]
  names?: readonly string[] | undefined
}) => (
  <ul class="an-places">
    {codes.map((code, index) => (
      <li key={code}>
        <Name>{names[index] ?? code}</Name> <Code>{code}</Code>
      </li>
    ))}
  </ul>
)

const Masks = ({ masks }: { masks: readonly string[] }) => (
  <ul class="an-places">
    {masks.map(mask => (
      <li key={mask}>{maskName(mask)}</li>
    ))}
  </ul>
)
