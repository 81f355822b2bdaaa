import { CheckField, PasswordField, TextField } from '../../../ui/components/fields.tsx'
import { type FormState, formPart } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { GrantsEditor } from '../access/grants-editor.tsx'
import { useRoles } from '../access/names.ts'
import type { ProviderValues } from './values.ts'

type Props = { form: FormState<ProviderValues>; isNew: boolean }

/** How the provider knows this installation. */
export const ConnectionFields = ({ form, isNew }: Props) => {
  const t = useText('identity-providers')
  return (
    <Section title={t('connection')}>
      <TextField form={form} name="name" label={t('name')} hint={t('nameHint')} maxLength={100} />
      {isNew && (
        <>
          <TextField
            form={form}
            name="code"
            label={t('code')}
            hint={t('codeHint')}
            dir="ltr"
            spellcheck={false}
          />
          <TextField
            form={form}
            name="issuer"
            label={t('issuer')}
            hint={t('issuerHint')}
            type="url"
            dir="ltr"
            width="full"
            spellcheck={false}
          />
        </>
      )}
      <TextField form={form} name="clientId" label={t('clientId')} dir="ltr" spellcheck={false} />
      <PasswordField
        form={form}
        name="clientSecret"
        label={t('clientSecret')}
        {...(isNew ? {} : { hint: t('clientSecretHint') })}
        required={isNew}
      />
    </Section>
  )
}

/** Which of the provider's claims say what. */
export const ClaimFields = ({ form }: { form: FormState<ProviderValues> }) => {
  const t = useText('identity-providers')
  const path = { form, dir: 'ltr', spellcheck: false } as const
  return (
    <Section title={t('claims')}>
      <TextField {...path} name="scopes" label={t('scopes')} hint={t('scopesHint')} required={false} />
      <TextField {...path} name="usernameClaim" label={t('usernameClaim')} hint={t('usernameClaimHint')} />
      <TextField {...path} name="groupClaim" label={t('groupClaim')} hint={t('groupClaimHint')} />
      <CheckField form={form} name="makesAccounts" label={t('makesAccounts')} hint={t('makesAccountsHint')} />
      <CheckField form={form} name="trustsEmail" label={t('trustsEmail')} hint={t('trustsEmailHint')} />
    </Section>
  )
}

/** What whoever is in a group is granted. */
export const MappingFields = ({ form }: { form: FormState<ProviderValues> }) => {
  const t = useText('identity-providers')
  const roles = useRoles()
  return (
    <Section title={t('groups')}>
      <p class="an-muted">{t('groupsHint')}</p>
      <GrantsEditor
        withGroup
        parts={form.values.mappings.map((_, index) => formPart(form, 'mappings', index))}
        onChange={mappings => form.set('mappings', mappings)}
        roles={roles}
        none={t('noMappings')}
      />
    </Section>
  )
}
