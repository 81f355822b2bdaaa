import { DataTypes, Model, type Sequelize } from 'sequelize'

export class User extends Model {
  declare id: string
  declare username: string
  declare name: string
  declare password_hash: string
  declare person_id: string
  declare status: 'active' | 'disabled'
}

export class Client extends Model {
  declare id: string
  declare client_id: string
  declare name: string
  declare secret_hash: Buffer
  declare status: 'active' | 'disabled'
}

export class GrantRecord extends Model {
  declare id: string
  declare holder_id: string
  declare role: string
  declare area_ids: string[] | null
  declare program_ids: string[] | null
}

const id = { type: DataTypes.UUID, primaryKey: true }
const status = { type: DataTypes.TEXT, allowNull: false, defaultValue: 'active' }

/** Ties the models to a database; called once by `createAccess`. */
export const initModels = (sequelize: Sequelize): void => {
  const options = { sequelize, schema: 'access', timestamps: false }
  User.init(
    {
      id,
      username: DataTypes.TEXT,
      name: DataTypes.TEXT,
      password_hash: DataTypes.TEXT,
      person_id: DataTypes.UUID,
      status,
    },
    { ...options, tableName: 'users' },
  )
  Client.init(
    { id, client_id: DataTypes.TEXT, name: DataTypes.TEXT, secret_hash: DataTypes.BLOB, status },
    { ...options, tableName: 'clients' },
  )
  GrantRecord.init(
    {
      id,
      holder_id: DataTypes.UUID,
      role: DataTypes.TEXT,
      area_ids: DataTypes.ARRAY(DataTypes.UUID),
      program_ids: DataTypes.ARRAY(DataTypes.UUID),
    },
    { ...options, tableName: 'grants' },
  )
}
