import { Link } from 'wouter-preact'
import { Section } from '../../../ui/components/page.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Name, Ref } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { type Registrant, wordOf } from './words.tsx'

type Member = Registrant['members'][number]

/** Who belongs to a household: its head, and under it the others by how they are related. */
export const Members = ({ members }: { members: readonly Member[] }) => {
  const t = useText('registrants')
  const format = useFormat()
  const heads = members.filter(({ roles }) => roles.includes('head'))
  const others = members.filter(member => !heads.includes(member))
  return (
    <Section title={t('members', { number: format.count(members.length) })}>
      {members.length === 0 ? (
        <p class="an-muted">{t('noMembers')}</p>
      ) : (
        <ul class="an-kin">
          {heads.map(head => (
            <li key={head.reference}>
              <Person person={head} />
              <Others members={others} />
            </li>
          ))}
          {heads.length === 0 && others.map(other => <MemberItem key={other.reference} member={other} />)}
        </ul>
      )}
    </Section>
  )
}

const Others = ({ members }: { members: readonly Member[] }) =>
  members.length === 0 ? null : (
    <ul class="an-kin an-kin--under">
      {members.map(member => (
        <MemberItem key={member.reference} member={member} />
      ))}
    </ul>
  )

const MemberItem = ({ member }: { member: Member }) => (
  <li>
    <Person person={member} />
  </li>
)

/** The groups that a person belongs to, and as what. */
export const Groups = ({ groups }: { groups: Registrant['groups'] }) => {
  const t = useText('registrants')
  return (
    <Section title={t('groups')}>
      <ul class="an-kin">
        {groups.map(group => (
          <li key={group.reference}>
            <Person person={group} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

type PersonProps = { person: Pick<Member, 'reference' | 'name' | 'roles'> & { relationship?: string | null } }

const Person = ({ person: { reference, name, roles, relationship } }: PersonProps) => (
  <div class="an-kin__person">
    <Link class="govuk-link an-kin__name" href={`/registrants/${encodeURIComponent(reference)}`}>
      <Name>{name || reference}</Name>
    </Link>
    {roles.map(role => (
      <Tag key={role} tone="neutral" icon="user">
        {wordOf(`roles.${role}`)}
      </Tag>
    ))}
    {relationship && <span>{wordOf(`relations.${relationship}`)}</span>}
    <span class="an-muted">
      <Ref copy={false}>{reference}</Ref>
    </span>
  </div>
)
