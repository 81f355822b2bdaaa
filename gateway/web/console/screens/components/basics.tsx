import { Banner, toast } from '../../../ui/components/banner.tsx'
import { Button, IconButton, LinkButton } from '../../../ui/components/button.tsx'
import { Columns, Section, Summary } from '../../../ui/components/page.tsx'
import { Progress } from '../../../ui/components/progress.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Steps } from '../../../ui/components/steps.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Code, Count, Day, Instant, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { Timeline } from '../../../ui/components/timeline.tsx'
import { NAMES } from './samples.ts'

const nothing = () => undefined

/** Buttons, words, states, numbers. */
export const Basics = () => (
  <>
    <Stats label="Numbers of today">
      <Stat label="Waiting for you" value={<Count n={12} />} href="/components#waiting" hint="3 due today" />
      <Stat label="Registrants" value={<Count n={1204381} />} />
      <Stat
        label="Paid this cycle"
        value={<Money amount="48250000.50" currency="KES" />}
        hint="of 51 200 000"
      />
      <Stat label="Failed payments" value={<Count n={7} />} href="/components#failed" />
    </Stats>
    <Section title="Buttons">
      <div class="an-actions">
        <Button icon="check">Approve</Button>
        <Button kind="secondary" icon="download">
          Save as a file
        </Button>
        <Button kind="warning">Cancel the batch</Button>
        <Button kind="quiet" icon="edit">
          Change
        </Button>
        <Button busy>Sending</Button>
        <Button disabled>Not now</Button>
        <LinkButton href="/components" icon="add">
          New programme
        </LinkButton>
        <IconButton icon="refresh" label="Load again" onClick={nothing} />
        <Button kind="secondary" onClick={() => toast('success', 'The batch was sent.')}>
          Say that it worked
        </Button>
        <Button kind="secondary" onClick={() => toast('error', NAMES.markup)}>
          Say that it failed
        </Button>
        <Button kind="secondary">{NAMES.long}</Button>
      </div>
    </Section>
    <Section title="States in words">
      <div class="an-actions">
        <Tag tone="neutral">Draft</Tag>
        <Tag tone="info">In progress</Tag>
        <Tag tone="good">Paid</Tag>
        <Tag tone="warning">Waiting</Tag>
        <Tag tone="bad">Rejected</Tag>
        <Tag tone="neutral" icon="lock">
          Frozen
        </Tag>
      </div>
    </Section>
    <Columns>
      <Section title="What is known" actions={<Button kind="quiet">Change</Button>}>
        <Summary
          rows={[
            { label: 'Name', value: <Name>{NAMES.arabic}</Name> },
            { label: 'Reference', value: <Ref>GR-7K3M9-Q2XBD4</Ref> },
            { label: 'Born', value: <Day iso="1984-02-29" />, action: <Button kind="quiet">Change</Button> },
            { label: 'Seen', value: <Instant iso="2026-11-20T10:15:00Z" full /> },
            { label: 'Last payment', value: <Money amount="1250.50" currency="ETB" /> },
            { label: 'Rule', value: <Code>registrant.age &gt;= 60</Code> },
            { label: 'Written by somebody', value: <Name>{NAMES.markup}</Name> },
            { label: 'A word without end', value: <Name>{NAMES.endless}</Name> },
          ]}
        />
      </Section>
      <Section title="What happened">
        <Timeline
          items={[
            { key: '4', at: '2026-11-22T09:10:00Z', who: 'Peter Otieno', title: 'Paid', tone: 'good' },
            { key: '3', at: '2026-11-21T09:10:00Z', who: NAMES.arabic, title: 'Approved', tone: 'info' },
            {
              key: '2',
              at: '2026-11-20T09:10:00Z',
              title: 'Fund was short',
              tone: 'warning',
              children: 'By 1 250.',
            },
            { key: '1', at: '2026-11-19T09:10:00Z', who: NAMES.markup, title: 'Rejected', tone: 'bad' },
            { key: '0', at: '2026-11-18T09:10:00Z', title: 'Registered' },
          ]}
        />
      </Section>
    </Columns>
    <Section title="Steps and progress">
      <div class="an-gallery__stack">
        <Steps
          steps={[
            { key: 'verify', label: 'Verify', state: 'done', hint: '12 041 people' },
            { key: 'prepare', label: 'Prepare', state: 'done' },
            { key: 'approve', label: 'Approve', state: 'current', hint: 'Second signature is missing' },
            { key: 'fund', label: 'Fund', state: 'blocked' },
            { key: 'pay', label: 'Pay', state: 'todo' },
          ]}
        />
        <Progress done={0} total={12041} label="Import of households" />
        <Progress done={7810} total={12041} label="Payment batch" />
        <Progress done={12041} total={12041} label="Cards" />
        <Progress done={341} total={null} label="Looking for duplicates" />
      </div>
    </Section>
    <Section title="Banners">
      <div class="an-gallery__stack">
        <Banner tone="info">The next cycle opens on Monday.</Banner>
        <Banner tone="success" title="The batch was sent" onDismiss={nothing}>
          7 810 payments are on their way.
        </Banner>
        <Banner tone="warning" title="The fund is short">
          There is enough for 9 of 10 payments.
        </Banner>
        <Banner tone="error" title="Three rows were refused">
          {NAMES.endless}
        </Banner>
      </div>
    </Section>
  </>
)
