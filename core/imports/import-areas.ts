import type { Areas, NewArea } from '../areas/index.ts'
import { type Ctx, DomainError, type Issue, invalid } from '../kernel/index.ts'
import { openCsv } from './reading/csv.ts'
import { UnreadableTable } from './reading/issue.ts'
import { normalizeHeader } from './reading/mapping.ts'

/** What a file of areas holds, and what became of it. With `dryRun` the numbers say what would. */
export type AreasImported = { areas: number; created: number; renamed: number; dryRun: boolean }

const MAX_AREAS = 100_000
const MAX_ISSUES = 100

/** Where a level's code and names stand in a row: names by language tag, `''` for a column without one. */
type Level = { level: number; code: number; names: { language: string; column: number }[] }

const CODE_NAMES = ['code', 'pcode', 'p code', 'area code']
const NAME_NAMES = ['name', 'area', 'area name', 'nom', 'nombre', 'nome', 'الاسم']
const PARENT_NAMES = ['parent', 'parent code', 'parent pcode', 'parent p code']

/**
 * Areas from a CSV file, all or none. Two shapes are known by their headers, in any order: OCHA's common operational
 * datasets (COD-AB: a row per lowest area with its ancestors, `ADM0_PCODE`, `admin2Name_en`, …), and plain `code`,
 * `name`, `parent`. Throws `invalid` with every problem at `/lines/{line}/{column}`.
 */
export const importAreas =
  ({ createMany }: Pick<Areas, 'createMany'>) =>
  async (ctx: Ctx, bytes: AsyncIterable<Uint8Array>, { dryRun = false } = {}): Promise<AreasImported> => {
    const { areas, lines } = await readAreas(bytes)
    const result = await createMany(ctx, areas, { dryRun }).catch(error => {
      throw atLines(error, lines)
    })
    return { areas: areas.length, ...result, dryRun }
  }

/** Each area once, with the line it first stands on. */
const readAreas = async (
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ areas: NewArea[]; lines: number[] }> => {
  try {
    const table = await openCsv(bytes)
    const read = rowReader(table.header)
    const found = new Map<string, { area: NewArea; line: number }>()
    for await (const batch of table.batches) {
      if (batch.issues.length > 0) throw new UnreadableTable(batch.issues.slice(0, MAX_ISSUES))
      for (const [i, row] of batch.rows.entries())
        for (const area of read(row))
          if (!found.has(area.code)) found.set(area.code, { area, line: batch.lines[i]! })
      if (found.size > MAX_AREAS)
        throw new DomainError('too_large', `The file has more than ${MAX_AREAS.toLocaleString('en')} areas.`)
    }
    return { areas: [...found.values()].map(f => f.area), lines: [...found.values()].map(f => f.line) }
  } catch (error) {
    if (!(error instanceof UnreadableTable)) throw error
    throw invalid(
      error.issues.map(({ line, column, code, message }) => ({
        pointer: `/lines/${line}${column === null ? '' : `/${column}`}`,
        code,
        detail: message,
      })),
      error.message,
    )
  }
}

const rowReader = (header: readonly string[]): ((row: readonly string[]) => NewArea[]) => {
  const levels = levelsIn(header)
  if (levels.length > 0) return row => ancestry(levels, row)
  const names = header.map(normalizeHeader)
  const column = (known: readonly string[]) => names.findIndex(name => known.includes(name))
  const [code, name, parent] = [column(CODE_NAMES), column(NAME_NAMES), column(PARENT_NAMES)]
  if (code < 0 || name < 0)
    throw new UnreadableTable([
      {
        line: 1,
        column: null,
        code: 'required-column',
        message:
          'The header names neither the columns code, name and parent, nor those of a COD-AB file (ADM1_PCODE, ADM1_EN, …).',
      },
    ])
  return row => [areaOf(row[code]!, { '': row[name]! }, parent < 0 ? '' : row[parent]!)]
}

/** The columns of a COD-AB file: `admin1Name_fr`, `ADM1_EN`, `adm2_pcode`, `admin2Pcode`, … */
const levelsIn = (header: readonly string[]): Level[] => {
  const levels = new Map<number, Level>()
  for (const [column, title] of header.entries()) {
    const match = /^adm(?:in)?(\d)_?(?:(pcode)|(?:name|ref)?(?:_([a-z]{2,3}))?)$/i.exec(
      title.replaceAll(' ', ''),
    )
    if (!match || /ref/i.test(title)) continue
    const level = Number(match[1])
    const known = levels.get(level) ?? { level, code: -1, names: [] }
    if (match[2]) known.code = column
    else known.names.push({ language: (match[3] ?? '').toLowerCase(), column })
    levels.set(level, known)
  }
  return [...levels.values()].filter(l => l.code >= 0 && l.names.length > 0).sort((a, b) => a.level - b.level)
}

const ancestry = (levels: readonly Level[], row: readonly string[]): NewArea[] => {
  let parent = ''
  return levels.flatMap(({ code, names }) => {
    if (row[code]!.trim() === '') return []
    const area = areaOf(row[code]!, Object.fromEntries(names.map(n => [n.language, row[n.column]!])), parent)
    parent = area.code
    return [area]
  })
}

/** The name shown is the one without a language, else English, else the first there is. */
const areaOf = (code: string, byLanguage: Record<string, string>, parent: string): NewArea => {
  const names = Object.fromEntries(
    Object.entries(byLanguage)
      .map(([language, name]) => [language, name.trim()])
      .filter(([, name]) => name !== ''),
  ) as Record<string, string>
  const name = names[''] ?? names.en ?? Object.values(names)[0] ?? ''
  const { '': _plain, ...others } = names
  return {
    code: code.trim().toUpperCase(),
    name,
    names: others,
    ...(parent.trim() === '' ? {} : { parent: parent.trim().toUpperCase() }),
  }
}

/** The registry speaks of the n-th area; whoever sent a file looks for a line. */
const atLines = (error: unknown, lines: readonly number[]): unknown => {
  if (!(error instanceof DomainError) || error.issues.length === 0) return error
  const issues: Issue[] = error.issues.map(issue => {
    const [, index, field] = /^\/areas\/(\d+)\/(\w+)$/.exec(issue.pointer) ?? []
    return index === undefined ? issue : { ...issue, pointer: `/lines/${lines[Number(index)]}/${field}` }
  })
  return invalid(issues, error.message)
}
