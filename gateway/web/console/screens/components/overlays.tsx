import { useState } from 'preact/hooks'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog, useConfirm } from '../../../ui/components/dialog.tsx'
import { Menu } from '../../../ui/components/menu.tsx'
import { Columns, Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading, NotAllowed, NotFound, Offline } from '../../../ui/components/states.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { NAMES, problem } from './samples.ts'

const nothing = () => undefined

/** What lies over the page, and what stands where something else should. */
export const Overlays = () => (
  <>
    <Section title="Tabs">
      <Tabs
        label="Parts of a registrant"
        tabs={[
          { key: 'summary', label: 'Summary', content: () => <p>What is known at a glance.</p> },
          { key: 'members', label: 'Members', count: 5, content: () => <p>Who lives here.</p> },
          { key: 'payments', label: 'Payments', count: 1204, content: () => <p>What was paid.</p> },
          { key: 'name', label: NAMES.arabic, content: () => <p dir="auto">{NAMES.arabic}</p> },
        ]}
      />
    </Section>
    <Section title="Dialogs and menus">
      <Dialogs />
    </Section>
    <Columns even>
      <Section title="Empty">
        <Empty title="Nothing waits for you" icon="done">
          What others ask you to agree to is shown here.
        </Empty>
      </Section>
      <Section title="Loading">
        <Loading lines={5} />
      </Section>
      <Section title="Failed">
        <Failure problem={problem(409, NAMES.markup)} retry={nothing} />
      </Section>
      <Section title="Offline">
        <Offline retry={nothing} />
      </Section>
      <Section title="Not allowed">
        <NotAllowed />
      </Section>
      <Section title="Not found">
        <NotFound />
      </Section>
    </Columns>
  </>
)

const Dialogs = () => {
  const confirm = useConfirm()
  const [isOpen, setOpen] = useState(false)
  const [answer, setAnswer] = useState('')
  const [chosen, setChosen] = useState('')
  const ask = async (typed: boolean): Promise<void> => {
    const agreed = await confirm({
      title: 'Cancel the batch?',
      body: 'Nobody in it is paid. This cannot be taken back.',
      confirm: 'Cancel the batch',
      kind: 'warning',
      ...(typed ? { typed: 'PB-2026-11' } : {}),
    })
    setAnswer(agreed ? 'yes' : 'no')
  }
  return (
    <>
      <div class="an-actions">
        <Button kind="secondary" onClick={() => setOpen(true)}>
          Open a dialog
        </Button>
        <Button kind="secondary" onClick={() => void ask(false)}>
          Ask
        </Button>
        <Button kind="secondary" onClick={() => void ask(true)}>
          Ask for a word
        </Button>
        <Menu
          label="More"
          items={[
            { label: 'Open', href: '/components?opened=menu', icon: 'view' },
            { label: 'Copy', onSelect: () => setChosen('copy'), icon: 'copy' },
            { label: 'Hold', onSelect: () => setChosen('hold') },
            { label: 'Remove', onSelect: () => setChosen('remove'), tone: 'bad', icon: 'close' },
          ]}
        />
      </div>
      <p role="status" data-answer={answer} data-chosen={chosen} />
      <Dialog
        title="Merge two people"
        open={isOpen}
        onClose={() => setOpen(false)}
        actions={<Button onClick={() => setOpen(false)}>Merge</Button>}
      >
        <p>
          <bdi>{NAMES.arabic}</bdi>
        </p>
        <p>{NAMES.endless}</p>
      </Dialog>
    </>
  )
}
