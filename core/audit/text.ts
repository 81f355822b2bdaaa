import { raw } from 'sql-template-tag'

const FIELDS = `e.xid::text, e.id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.actor_kind, e.actor_id,
    e.actor_name, e.action, e.subject_type, e.subject_id, e.items, array_to_string(e.item_ids, ','), e.before, e.after,
    e.reason, e.request_id, e.address`

/**
 * The canonical text of an entry (the same as `audit.leaf`), of which its leaf is the SHA-256. It is a JSON array, on
 * one line; an entry without behalf and details has the sixteen elements that all had before there were any.
 */
export const TEXT = `CASE WHEN num_nonnulls(e.behalf_id, e.behalf_name, e.details) = 0 THEN json_build_array(${FIELDS})
  ELSE json_build_array(${FIELDS}, e.behalf_id, e.behalf_name, e.details) END::text`

/** The same in a query of entries `e`. */
export const entryText = raw(TEXT)
