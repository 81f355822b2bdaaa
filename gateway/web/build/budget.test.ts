import assert from 'node:assert/strict'
import { BUDGET, type Manifest, tooHeavy, weigh } from './budget.ts'

describe('the budget of the console', () => {
  const manifest: Manifest = {
    'index.html': { file: 'main.js', isEntry: true, imports: ['_lib.js'], css: ['main.css'] },
    '_lib.js': { file: 'lib.js' },
    '../ui/locales/en/ui.json': { file: 'ui-en.js', isDynamicEntry: true },
    '../ui/locales/ar/ui.json': { file: 'ui-ar.js', isDynamicEntry: true },
    'shell/texts/en.json': { file: 'shell-en.js', isDynamicEntry: true },
    'shell/texts/ar.json': { file: 'shell-ar.js', isDynamicEntry: true },
    'screens/areas/list.tsx': { file: 'areas.js', isDynamicEntry: true, imports: ['_lib.js', '_table.js'] },
    '_table.js': { file: 'table.js', imports: ['_lib.js'], css: ['table.css'] },
    'screens/areas/texts/en.json': { file: 'areas-en.js', isDynamicEntry: true },
    'screens/areas/texts/ar.json': { file: 'areas-ar.js', isDynamicEntry: true },
  }
  const sizes: Record<string, number> = {
    'main.js': 30_000,
    'lib.js': 20_000,
    'main.css': 9_000,
    'ui-en.js': 1_000,
    'ui-ar.js': 1_500,
    'shell-en.js': 500,
    'shell-ar.js': 400,
    'areas.js': 4_000,
    'table.js': 3_000,
    'table.css': 1_000,
    'areas-en.js': 700,
    'areas-ar.js': 900,
  }
  const sizeOf = (file: string) => sizes[file] ?? assert.fail(file)

  it('counts what the first page needs, in the language that takes most', () => {
    assert.deepEqual(weigh(manifest, sizeOf)[0], {
      name: 'first load',
      bytes: 30_000 + 20_000 + 9_000 + 1_500 + 400,
      most: BUDGET.firstLoad,
    })
  })

  it('counts for a screen what it needs on top of that', () => {
    assert.deepEqual(weigh(manifest, sizeOf).slice(1), [
      { name: 'screens/areas/list.tsx', bytes: 4_000 + 3_000 + 1_000 + 900, most: BUDGET.screen },
    ])
  })

  it('says what is too heavy', () => {
    sizes['areas.js'] = 40_000
    assert.deepEqual(tooHeavy(weigh(manifest, sizeOf)), [
      'screens/areas/list.tsx: 44.9 kB gzipped, 20.0 kB allowed',
    ])
  })
})
