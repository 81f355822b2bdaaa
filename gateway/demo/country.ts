import type { NewArea } from '#core/areas/index.ts'

/**
 * The demo country: invented, so that no real place is shown as poor. Its telephone numbers follow Ethiopia's
 * plan (+251 9…) and its currency is the birr, so that everything that checks them has something real to check.
 */
export const COUNTRY = { code: 'DM', name: 'Demeria', currency: 'ETB', phone: 'ET' } as const

const REGIONS: Record<string, readonly string[]> = {
  Almas: ['Berha', 'Dinka', 'Felege'],
  Gedera: ['Hamle', 'Kersa', 'Lalo'],
  Nefas: ['Qoma', 'Sabean', 'Tana'],
}
const VILLAGES = ['Upper', 'Lower', 'Bridge', 'Market', 'Well'] as const

const two = (n: number) => String(n + 1).padStart(2, '0')

/** Country, three regions, nine districts, forty-five villages, with P-codes such as DM010203. */
export const areas: readonly NewArea[] = [
  { code: COUNTRY.code, name: COUNTRY.name, names: { am: 'ደመሪያ', ar: 'ديميريا', fr: 'Démérie' } },
  ...Object.entries(REGIONS).flatMap(([region, districts], r) => [
    { code: `DM${two(r)}`, name: region, parent: 'DM' },
    ...districts.flatMap((district, d) => [
      { code: `DM${two(r)}${two(d)}`, name: district, parent: `DM${two(r)}` },
      ...VILLAGES.map((village, v) => ({
        code: `DM${two(r)}${two(d)}${two(v)}`,
        name: `${village} ${district}`,
        parent: `DM${two(r)}${two(d)}`,
      })),
    ]),
  ]),
]

/** Where households live. */
export const villages: readonly string[] = areas.filter(a => a.code.length === 8).map(a => a.code)
export const districts: readonly NewArea[] = areas.filter(a => a.code.length === 6)

type Names = { female: readonly string[]; male: readonly string[] }

/** Given names in three scripts, each for households up to this percentile: a registry knows more than Latin letters. */
export const NAMES: readonly { upTo: number; names: Names }[] = [
  {
    upTo: 75,
    names: {
      female: [
        'Abeba',
        'Aster',
        'Bethlehem',
        'Chaltu',
        'Desta',
        'Fatuma',
        'Genet',
        'Hiwot',
        'Konjit',
        'Lensa',
        'Marta',
        'Rahel',
        'Saba',
        'Tigist',
        'Worknesh',
        'Zahra',
      ],
      male: [
        'Abdi',
        'Bekele',
        'Chala',
        'Dawit',
        'Elias',
        'Fikru',
        'Getachew',
        'Hailu',
        'Ibrahim',
        'Kebede',
        'Lemma',
        'Meles',
        'Negash',
        'Solomon',
        'Tesfaye',
        'Yusuf',
      ],
    },
  },
  {
    upTo: 95,
    names: {
      female: ['አበባ', 'አስቴር', 'ገነት', 'ሕይወት', 'ማርታ', 'ራሔል', 'ሳባ', 'ትዕግስት'],
      male: ['በቀለ', 'ዳዊት', 'ኤልያስ', 'ፍቅሩ', 'ጌታቸው', 'ከበደ', 'ሰለሞን', 'ተስፋዬ'],
    },
  },
  {
    upTo: 100,
    names: {
      female: ['أمينة', 'فاطمة', 'زهرة', 'مريم', 'خديجة'],
      male: ['إبراهيم', 'يوسف', 'محمد', 'أحمد', 'عبد الله'],
    },
  },
]
