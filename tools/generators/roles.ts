import { MASK_MEANINGS, MEANINGS, ROLE_MASKS, ROLE_TEXTS, ROLES } from '#core/access/index.ts'

/** The predefined roles, what each may do and sees only in part, from the tables in core/access. */
export const rolesPage = (): string => {
  const roles = Object.entries(ROLES)
  if (roles.length === 0) throw new Error('core/access/roles.ts has no roles')
  const sections = roles.map(([code, permissions]) => {
    const { name, description } = ROLE_TEXTS[code]!
    return `### ${name}

\`${code}\`: ${description}.

- May: ${codes(permissions)}
- Masks: ${codes(ROLE_MASKS[code] ?? []) || 'none'}
`
  })
  const permissions = Object.entries(MEANINGS).map(([code, meaning]) => {
    const holders = roles.filter(([, held]) => held.some(p => p === code)).map(([role]) => role)
    return `| \`${code}\` | ${meaning} | ${holders.join(', ')} |`
  })
  const masks = Object.entries(MASK_MEANINGS).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`)
  return `${HEAD}${sections.join('\n')}
## Permissions

| Permission | What it allows | Predefined roles that have it |
|---|---|---|
${permissions.join('\n')}

## Masks

Fields of people that a role can be shown only in part. Where two grants of one account reach the same row, a field is
shown in full when either shows it.

| Mask | What is kept |
|---|---|
${masks.join('\n')}
`
}

const codes = (list: readonly string[]) => list.map(code => `\`${code}\``).join(', ')

const HEAD = `# Roles

Generated from \`core/access\` by \`sh tools/node tools/generate.ts\`; do not edit.

An account is granted roles. A role gives permissions, and may mask fields of people; a grant gives a role in some areas
(each with all below it) or everywhere, and in some programs or all. What an account may do is the union of its grants.

Beside the predefined roles, administrators make their own (\`/api/v1/roles\`) of the same permissions and masks. A change
to a role holds for everybody who has it within a second. Nobody is raised by their own hand:

| Rule | What is refused |
|---|---|
| \`own-grants\` | changing the grants of oneself, of another account of the same person, or of an API client of one's own; enabling such an account again; an API client of somebody's giving what administers accounts |
| \`own-role\` | changing a role that one holds, through whichever account |
| \`own-person\` | saying who one is: that an account of one's own is another person's or another's one's own, or by an email that none of one's own had |
| \`own-supervisor\` | choosing one's own supervisor |
| \`last-administrator\` | leaving nobody who can sign in and administer users everywhere |
| \`area-scope\`, \`program-scope\` | administering accounts and roles with a grant that is limited |

Two accounts with the same email are the same person's, as are those that are said to be. An API client is of everybody who
can act as it: its owner (without one, whoever made it), whoever was shown a secret of it that works, and whoever set a key.
At every decision what it does is done by all of them, and so it is where grants change. An administrator may make a client
with any grants, but of \`user:write\`, \`role:write\`, \`client:write\` and \`identity-provider:write\` it has only what everybody
behind it holds everywhere as a user; and nobody is given one of these by a client of somebody's. A client that the
product itself made, on the command line, is nobody's.

A password that an administrator chose is changed at the first sign-in. Disabling a user ends the tokens of their clients.
When one person holds both sides of a decision (preparing and approving cycles, making and approving payments) for the same
program, the account carries a warning (\`separation-of-duties\`). It is not refused: that nobody checks their own work is
seen at each decision.

## Predefined roles

`
