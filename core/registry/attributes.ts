import sql from 'sql-template-tag'
import { requireEverywhere } from '../access/index.ts'
import { violated } from '../db/index.ts'
import { type Ctx, conflict } from '../kernel/index.ts'
import type { RegistryDeps } from './index.ts'

/** A custom attribute: usable in imports by its code, and in rules as `attributes.CODE`. */
export type AttributeDefinition = {
  kind: 'individual' | 'group'
  code: string
  type: 'string' | 'number' | 'bool' | 'date'
  label: string
}

export const defineAttribute =
  ({ db, audit }: RegistryDeps) =>
  (ctx: Ctx, definition: AttributeDefinition): Promise<AttributeDefinition> => {
    requireEverywhere(ctx, 'attribute:write')
    const { kind, code, type, label } = definition
    return db
      .transaction(async () => {
        await db.run(sql`
          INSERT INTO registry.attribute_definitions (kind, code, type, label) VALUES (${kind}, ${code}, ${type}, ${label})`)
        await audit.record(ctx, {
          action: 'attribute.define',
          subject: { type: 'attribute', id: null },
          after: definition,
        })
        return definition
      })
      .catch(error => {
        if (violated(error))
          throw conflict(`The attribute ${code} of ${kind}s is defined already.`, 'attribute-defined')
        throw error
      })
  }

/** Every custom attribute. They are not personal: whoever writes rules or imports needs to see them. */
export const attributeDefinitions =
  ({ db }: RegistryDeps) =>
  (): Promise<AttributeDefinition[]> =>
    db.query<AttributeDefinition>(
      sql`SELECT kind, code, type, label FROM registry.attribute_definitions ORDER BY kind, code`,
    )
