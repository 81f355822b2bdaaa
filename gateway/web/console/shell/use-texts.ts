import { useEffect, useState } from 'preact/hooks'
import { loadTexts, type Namespaces, useLanguage } from '../../ui/i18n/index.ts'

/** Loads the texts of a part that stands within another; says whether they are there. */
export const useTexts = (namespace: keyof Namespaces): boolean => {
  const language = useLanguage()
  const [isThere, setThere] = useState(false)
  useEffect(() => {
    let isWanted = true
    void loadTexts(namespace).then(() => isWanted && setThere(true))
    return () => {
      isWanted = false
    }
  }, [namespace, language])
  return isThere
}
