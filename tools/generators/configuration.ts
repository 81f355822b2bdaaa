import { SETTINGS } from '#gateway/config.ts'

/** Every setting with its meaning and what holds when it is not given, from the table in gateway/config.ts. */
export const configurationPage = (): string => {
  const rows = Object.values(SETTINGS).map(setting => {
    const secret = 'secret' in setting && setting.secret ? 'yes' : ''
    const fallback = setting.fallback === '' ? '' : `\`${String(setting.fallback)}\``
    return `| \`${setting.env}\` | ${cell(setting.about)} | ${fallback} | ${secret} |`
  })
  if (rows.length === 0) throw new Error('gateway/config.ts has no settings')
  return `${HEAD}${rows.join('\n')}\n`
}

const cell = (text: string) => text.replaceAll('|', '\\|')

const HEAD = `# Configuration

Generated from \`gateway/config.ts\` by \`sh tools/node tools/generate.ts\`; do not edit. Settings are environment
variables. All that is wrong with them is told at once, when Annona starts. Secret ones are never shown or logged.

| Variable | Meaning | When not given | Secret |
|---|---|---|---|
`
