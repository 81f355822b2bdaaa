import type { Config } from '../config.ts'
import type { DemoAccess } from '../demo/index.ts'
import type { KeptDatabase } from './keep-database.ts'

type Started = {
  config: Config
  url: string
  logs: string
  embedded: KeptDatabase | undefined
  demo: DemoAccess | undefined
}

/** What is printed once everything runs: where it is, how to get in, what to try. */
export const welcome = ({ config, url, logs, embedded, demo }: Started): string => {
  const lines = [
    '',
    `Annona runs at ${url}`,
    '',
    `  Console         ${url}/console`,
    `  API reference   ${url}/docs`,
    `  Scan a QR       ${url}/verify`,
    `  Database        ${embedded ? `embedded, port ${embedded.current().port} (for pilots and tests)` : 'as configured'}`,
    `  Data, logs      ${config.dataDir}, ${logs}`,
    `  Issuer          ${config.issuer || 'none: private_key_jwt and single sign-on need ANNONA_ISSUER'}`,
  ]
  return [...lines, ...(demo ? demoLines(demo, config) : []), '', 'Stop with Ctrl-C.'].join('\n')
}

const demoLines = (demo: DemoAccess, config: Config): string[] => {
  const [client] = demo.clients
  const widest = (column: 'username' | 'password') => Math.max(...demo.users.map(u => u[column].length))
  const [names, passwords] = [widest('username'), widest('password')]
  return [
    '',
    `Demo country (everything of this is also in ${config.dataDir}/demo-access.json):`,
    ...demo.users.map(u => `  ${u.username.padEnd(names)}  ${u.password.padEnd(passwords)}  ${u.about}`),
    ...demo.clients.map(c => `  API client ${c.clientId}, secret ${c.clientSecret}`),
    '',
    'Try:',
    `  TOKEN=$(curl -s ${demo.url}/oauth2/token -d grant_type=client_credentials -d client_id=${client!.clientId} -d client_secret=${client!.clientSecret} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `  curl -s -H "Authorization: Bearer $TOKEN" ${demo.url}/api/v1/programs`,
    `  curl -s -H "Authorization: Bearer $TOKEN" '${demo.url}/api/v1/credentials?limit=1'`,
  ]
}
