/** One import of a file: what it names, and whether it disappears when types are stripped. */
export type Import = {
  /** The module's name as written, or null when it is computed at run time. */
  specifier: string | null
  typeOnly: boolean
  /** Imported names as the other module calls them; `*` for a namespace, `default` for a default import. */
  names: string[]
}

/** A TypeScript source taken apart: enough of it to check rules about imports and texts. */
export type Scanned = {
  imports: Import[]
  /** The source without comments; each string is replaced by its number in quotation marks, `'0'`. */
  code: string
  /** The strings by number. What a template inserts is a `?` in it. */
  strings: string[]
}

/** Takes a source apart. Comments, strings, templates and regular expressions cannot hide or fake an import. */
export const scan = (source: string): Scanned => {
  const { code, strings } = strip(source)
  return { code, strings, imports: findImports(code, strings) }
}

const STATIC = /(?<![.\w$])(?:import|export)\s+(type\s+)?([\w$\s,*{}]*?)\s*(?<![\w$])from\s*'(\d+)'/g
const BARE = /(?<![.\w$])import\s*'(\d+)'/g
const DYNAMIC = /(?<![.\w$])(?:import|require)\s*\(\s*(?:'(\d+)'\s*[,)])?/g

const findImports = (code: string, strings: readonly string[]): Import[] => [
  ...[...code.matchAll(STATIC)].map(([, type, clause = '', n]) => {
    const names = namesOf(clause)
    const erased = type !== undefined || (names.length > 0 && names.every(name => name.startsWith('type ')))
    return {
      specifier: strings[Number(n)]!,
      typeOnly: erased,
      names: names.map(name => name.replace(/^type /, '')),
    }
  }),
  ...[...code.matchAll(BARE)].map(([, n]) => ({
    specifier: strings[Number(n)]!,
    typeOnly: false,
    names: [],
  })),
  ...[...code.matchAll(DYNAMIC)].map(([, n]) => ({
    specifier: n === undefined ? null : strings[Number(n)]!,
    typeOnly: false,
    names: ['*'],
  })),
]

/** `a, { b as c, type D }` → `default`, `b`, `type D`. */
const namesOf = (clause: string): string[] => {
  const braced = /\{([^}]*)\}/.exec(clause)?.[1] ?? ''
  const before = clause.replace(/\{[^}]*\}/, '').trim()
  return [
    ...(before.includes('*') ? ['*'] : []),
    ...(/^[\w$]+/.test(before) ? ['default'] : []),
    ...braced
      .split(',')
      .map(part => part.trim().split(/\s+as\s+/)[0]!)
      .filter(name => name !== ''),
  ]
}

/** Words after which a slash begins a regular expression, though a word usually ends a value. */
const BEFORE_REGEX =
  /(?:^|[^.\w$])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|instanceof)$/

const beginsRegex = (codeBefore: string): boolean => {
  const before = codeBefore.trimEnd()
  return before === '' || !/[\w$)\]}'"]$/.test(before) || BEFORE_REGEX.test(before)
}

/** Takes comments and strings out of the code. One pass; templates are followed into what they insert. */
const strip = (source: string): { code: string; strings: string[] } => {
  const strings: string[] = []
  let at = 0

  const skipTo = (end: number) => {
    const skipped = source.slice(at, end)
    at = end
    return skipped.replace(/[^\n]/g, '')
  }
  const lineEnd = () => {
    const end = source.indexOf('\n', at)
    return end === -1 ? source.length : end
  }
  const keep = (text: string) => `'${strings.push(text) - 1}'`

  const quoted = (quote: string) => {
    const pattern = quote === "'" ? /'((?:[^'\\\n]|\\.)*)'?/sy : /"((?:[^"\\\n]|\\.)*)"?/sy
    pattern.lastIndex = at
    const [all, text] = pattern.exec(source)!
    at += all.length
    return keep(text!)
  }
  const template = (): string => {
    let text = ''
    let inserted = ''
    at++
    while (at < source.length && source[at] !== '`') {
      if (source.startsWith('${', at)) {
        at += 2
        inserted += `(${code(true)})`
        text += '?'
      } else {
        if (source[at] === '\\') text += source[at++]
        text += source[at++] ?? ''
      }
    }
    at++
    return inserted + keep(text)
  }
  const regex = () => {
    const pattern = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0] ?? '/'
    at += found.length
    return found === '/' ? '/' : ' 0 '
  }

  /** Up to the end of the source or, inside a template, to the brace that ends the inserted expression. */
  function code(inTemplate: boolean): string {
    let out = ''
    let depth = 0
    while (at < source.length) {
      const char = source[at]!
      if (source.startsWith('//', at)) out += skipTo(lineEnd())
      else if (source.startsWith('/*', at)) {
        const end = source.indexOf('*/', at + 2)
        out += ` ${skipTo(end === -1 ? source.length : end + 2)}`
      } else if (char === "'" || char === '"') out += quoted(char)
      else if (char === '`') out += template()
      else if (char === '/' && beginsRegex(out)) out += regex()
      else {
        at++
        if (inTemplate && char === '}' && depth === 0) return out
        if (char === '{') depth++
        if (char === '}') depth--
        out += char
      }
    }
    return out
  }
  return { code: code(false), strings }
}
