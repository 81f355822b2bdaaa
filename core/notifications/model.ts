import type { Sql } from 'sql-template-tag'
import type { Message } from '../outbox/index.ts'

/** What a message means to people. */
export type Told = {
  /**
   * Who is told what: a query giving `user_id uuid`, `kind text`, `cause text` (nobody is told twice for the same),
   * `subject_type text` and `subject_name text` (what to open: its reference or code) and `params jsonb` (names of things
   * that the words need; never of people). Who is no active user is left out.
   */
  tell?: Sql
  /**
   * What was told before and is no longer so, which counts as read: a query giving `kind text`, `subject_name text` and
   * `still uuid[]`, the users for whom it is.
   */
  settle?: Sql
}

/** What a module has to tell people. All of it is worked out as sets, never person by person. */
export type News = {
  /** Types of messages that it is told upon. */
  types: readonly string[]
  of: (message: Message) => Promise<Told>
  /** What becomes true by time alone: a query as `tell`, asked every minute. */
  byTime?: (now: Date) => Sql
}

/** Something a person is told. `params` as its kind has them. */
export type Notification = {
  id: string
  kind: string
  subject: { type: string; reference: string }
  params: Record<string, string>
  createdAt: Date
  readAt: Date | null
}
