import { useLocation } from 'wouter-preact'
import { toast } from '../../../ui/components/banner.tsx'
import { Form, formPart } from '../../../ui/components/form.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { GrantOf } from './difference.ts'
import { completeGrants, type GrantValues, grantOfValues, valuesOfGrant } from './grant-values.ts'
import { GrantsEditor } from './grants-editor.tsx'
import { GrantsPreview } from './grants-preview.tsx'
import { GrantsView } from './grants-view.tsx'
import { useRoles } from './names.ts'

type Holder = { version: number; grants: readonly (GrantOf & { source: string })[] }
type Values = { grants: readonly GrantValues[] }

const valuesOf = ({ grants }: Pick<Holder, 'grants'>): Values => ({
  grants: grants.filter(({ source }) => source === 'given').map(valuesOfGrant),
})

export type GrantsFormProps = {
  holder: Holder
  /** Where to go when it is done or left. */
  here: string
  save: (grants: ReturnType<typeof grantOfValues>[], ifMatch: string) => Promise<unknown>
  /** What to say when it is done. */
  done: string
  draft: string
}

/** What a user or an API client is granted, changed as a whole, with what that changes in words. */
export const GrantsForm = ({ holder, here, save, done, draft }: GrantsFormProps) => {
  const t = useText('access')
  const [, go] = useLocation()
  const roles = useRoles()
  const editing = useEditing({
    thing: holder,
    valuesOf,
    save: ({ grants }, ifMatch) => save(grants.map(grantOfValues), ifMatch),
    onDone: () => {
      toast('success', done)
      go(here)
    },
    draft,
  })
  const { form } = editing
  const others = holder.grants.filter(({ source }) => source !== 'given')
  const given = holder.grants.filter(({ source }) => source === 'given')
  return (
    <>
      <Meanwhile
        editing={editing}
        show={({ before, now }) => (
          <GrantsPreview
            before={before.grants.map(grantOfValues)}
            after={now.grants.map(grantOfValues)}
            roles={roles}
          />
        )}
      />
      <Form form={form} cancel={here}>
        <Section title={t('grants.given')}>
          <GrantsEditor
            parts={form.values.grants.map((_, index) => formPart(form, 'grants', index))}
            onChange={grants => form.set('grants', grants)}
            roles={roles}
          />
        </Section>
        {others.length > 0 && (
          <Section title={t('grants.fromProviders')}>
            <p class="an-muted">{t('grants.fromHint')}</p>
            <GrantsView grants={others} />
          </Section>
        )}
        <Section title={t('grants.preview')}>
          <GrantsPreview
            before={[...given, ...others]}
            after={[...completeGrants(form.values.grants), ...others]}
            roles={roles}
          />
        </Section>
      </Form>
    </>
  )
}
