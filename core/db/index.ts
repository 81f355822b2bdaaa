export { migrate, pendingMigrations } from './migrate.ts'
export { connect, type Db, type DbOptions, inTransaction, pgCode, type Row, violated } from './pool.ts'
