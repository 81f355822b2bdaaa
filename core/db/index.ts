export { beginningOf, partOf } from './like.ts'
export { migrate, pendingMigrations } from './migrate.ts'
export { connect, type Db, type DbOptions, inTransaction, pgCode, type Row, violated } from './pool.ts'
export { type Sortable, type SortColumn, type SortKey, sorted } from './sorting.ts'
