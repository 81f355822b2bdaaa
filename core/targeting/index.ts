/** Who is eligible: rules and formulas, checked, compiled to SQL, interpreted and explained. */
export * from './language/index.ts'
