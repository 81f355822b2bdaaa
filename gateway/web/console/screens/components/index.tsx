import { Page } from '../../../ui/components/page.tsx'

/** Every component in each of its states. */
export const Components = () => <Page title="Components">{null}</Page>
