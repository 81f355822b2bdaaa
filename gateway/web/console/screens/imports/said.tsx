import { Name } from '../../../ui/components/text.tsx'
import { useLanguage } from '../../../ui/i18n/index.ts'
import { issueKind } from './model.ts'

/** What is wrong with a row: of what kind it is, and the words of the test, which name the value and are English. */
export const Said = ({ issue: { code, message } }: { issue: { code: string; message: string } }) => {
  const language = useLanguage()
  if (language === 'en') return <Name>{message}</Name>
  return (
    <>
      {issueKind(code)}
      <span class="an-issue__said" lang="en">
        <Name>{message}</Name>
      </span>
    </>
  )
}
