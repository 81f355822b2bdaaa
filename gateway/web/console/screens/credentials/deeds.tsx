import { useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { DeedDialog } from './deed-dialog.tsx'
import type { Card } from './standing.tsx'

export type Deed = 'reissue' | 'suspend' | 'restore' | 'revoke'

/** What the state of a card allows. One that was withdrawn is replaced unless another took its place. */
const deedsFor = ({ state }: Card, isReplaced: boolean): readonly Deed[] => {
  if (state === 'active') return ['reissue', 'suspend', 'revoke']
  if (state === 'suspended') return ['restore', 'revoke']
  return isReplaced ? [] : ['reissue']
}

/** Does it. Gives the reference of the card that is good afterwards, where that is another one. */
const act = async (deed: Deed, reference: string, reason: string): Promise<string | undefined> => {
  const init = { params: { path: { reference } }, body: { reason } }
  if (deed === 'reissue')
    return (await dataOf(api.POST('/api/v1/credentials/{reference}/reissue', init))).reference
  await api.POST(`/api/v1/credentials/{reference}/${deed}`, init)
  return undefined
}

/** What can be done about a card: in which case, what it does, and the button that does it. */
export const Deeds = ({ card, isReplaced }: { card: Card; isReplaced: boolean }) => {
  const t = useText('credentials')
  const [, go] = useLocation()
  const [asked, setAsked] = useState<Deed>()
  const may = { revoke: useMay('credential:revoke'), reissue: useMay('credential:issue') }
  const deeds = deedsFor(card, isReplaced).filter(deed => (deed === 'reissue' ? may.reissue : may.revoke))
  if (deeds.length === 0) return null
  return (
    <Section title={t('deeds.title')}>
      <ul class="cr-deeds">
        {deeds.map(deed => (
          <li class="cr-deeds__deed" key={deed}>
            <div>
              <p class="cr-deeds__when">{t(`deeds.${deed}.when`)}</p>
              <p class="an-muted">{t(`deeds.${deed}.does`)}</p>
            </div>
            <Button kind="secondary" onClick={() => setAsked(deed)}>
              {t(`deeds.${deed}.do`)}
            </Button>
          </li>
        ))}
      </ul>
      {asked && (
        <DeedDialog
          deed={asked}
          holder={card.holderName}
          act={reason => act(asked, card.reference, reason)}
          onDone={next => {
            setAsked(undefined)
            if (next) go(`/credentials/${next}`)
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Section>
  )
}
