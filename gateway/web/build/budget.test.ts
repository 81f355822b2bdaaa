import assert from 'node:assert/strict'
import { BUDGET, type Manifest, tooHeavy, weigh } from './budget.ts'
import { findPreloads, writtenRoutes } from './preloads.ts'

const inLanguages = (place: (language: string) => string, file: string): Manifest =>
  Object.fromEntries(
    ['en', 'fr', 'ar'].map(language => [place(language), { file: `${file}-${language}.js` }]),
  )

describe('what the console needs', () => {
  const manifest: Manifest = {
    'index.html': { file: 'main.js', isEntry: true, imports: ['_lib.js'], css: ['main.css'] },
    '_lib.js': { file: 'lib.js' },
    'screens/areas/list.tsx': { file: 'areas.js', imports: ['_lib.js', '_table.js'] },
    '_table.js': { file: 'table.js', imports: ['_lib.js'], css: ['table.css'] },
    ...inLanguages(language => `../ui/locales/${language}/ui.json`, 'ui'),
    ...inLanguages(language => `shell/texts/${language}.json`, 'shell'),
    'shell/sign-in.tsx': { file: 'sign-in.js', imports: ['_lib.js'] },
    ...inLanguages(language => `screens/sign-in/texts/${language}.json`, 'sign-in'),
    ...inLanguages(language => `screens/areas/texts/${language}.json`, 'areas'),
  }
  const source = `export const areaRoutes: readonly Route[] = [
  {
    path: '/areas',
    permission: 'area:read',
    texts: ['areas'],
    shows: 'area',
    screen: () => import('./list.tsx').then(m => m.AreaList),
  },
]`
  const written = writtenRoutes(source, 'screens/areas')

  it('is read from its routes and from what was built', () => {
    assert.deepEqual(findPreloads(manifest, written, ['/areas']), {
      first: {
        files: ['main.js', 'main.css', 'lib.js'],
        texts: {
          en: ['ui-en.js', 'shell-en.js'],
          fr: ['ui-fr.js', 'shell-fr.js'],
          ar: ['ui-ar.js', 'shell-ar.js'],
        },
      },
      signIn: {
        files: ['sign-in.js'],
        texts: { en: ['sign-in-en.js'], fr: ['sign-in-fr.js'], ar: ['sign-in-ar.js'] },
      },
      routes: [
        {
          path: '/areas',
          screen: 'screens/areas/list.tsx',
          files: ['areas.js', 'table.js', 'table.css'],
          texts: { en: ['areas-en.js'], fr: ['areas-fr.js'], ar: ['areas-ar.js'] },
        },
      ],
    })
  })

  it('cannot be found for a route that is written otherwise', () => {
    assert.throws(
      () => findPreloads(manifest, written, ['/areas', '/users']),
      /screen of \/users is not found/,
    )
    const { 'screens/areas/texts/ar.json': _, ...without } = manifest
    assert.throws(() => findPreloads(without, written, ['/areas']), /no texts for areas in ar/)
  })

  it('is weighed in the language that takes most, and what is too heavy is named', () => {
    const preloads = findPreloads(manifest, written, ['/areas'])
    const sizes: Record<string, number> = { 'areas.js': 19_000, 'ui-ar.js': 300, 'areas-fr.js': 600 }
    const sizeOf = (file: string) => sizes[file] ?? 100
    assert.deepEqual(weigh(preloads, sizeOf), [
      { name: 'first load', bytes: 300 + 300 + 100, most: BUDGET.firstLoad },
      { name: 'sign-in', bytes: 100 + 100, most: BUDGET.screen },
      { name: '/areas', bytes: 19_000 + 200 + 600, most: BUDGET.screen },
    ])
    assert.deepEqual(tooHeavy(weigh(preloads, sizeOf)), [])
    sizes['areas.js'] = 40_000
    assert.deepEqual(tooHeavy(weigh(preloads, sizeOf)), ['/areas: 40.8 kB gzipped, 20.0 kB allowed'])
  })
})
