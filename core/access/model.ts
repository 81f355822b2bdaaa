import { DataTypes, Model, type Sequelize } from 'sequelize'

export class User extends Model {
  declare id: string
  declare username: string
  declare name: string
  declare password_hash: string
  declare must_change_password: boolean
  declare email: string | null
  declare person_id: string
  declare supervisor_id: string | null
  declare version: number
  declare status: 'active' | 'disabled'
}

export class Client extends Model {
  declare id: string
  declare client_id: string
  declare name: string
  declare owner_id: string | null
  declare maker_id: string | null
  declare token_series: number
  declare version: number
  declare status: 'active' | 'disabled'
}

export class GrantRecord extends Model {
  declare id: string
  declare holder_id: string
  declare role: string
  declare area_ids: string[] | null
  declare program_ids: string[] | null
  declare source: string
}

export class CustomRole extends Model {
  declare id: string
  declare code: string
  declare name: string
  declare description: string
  declare permissions: string[]
  declare masks: string[]
  declare version: number
}

const id = { type: DataTypes.UUID, primaryKey: true }
const status = { type: DataTypes.TEXT, allowNull: false, defaultValue: 'active' }
const version = { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 }

/** Ties the models to a database; called once by `createAccess`. */
export const initModels = (sequelize: Sequelize): void => {
  const options = { sequelize, schema: 'access', timestamps: false }
  User.init(
    {
      id,
      username: DataTypes.TEXT,
      name: DataTypes.TEXT,
      password_hash: DataTypes.TEXT,
      must_change_password: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      email: DataTypes.TEXT,
      person_id: DataTypes.UUID,
      supervisor_id: DataTypes.UUID,
      version,
      status,
    },
    { ...options, tableName: 'users' },
  )
  Client.init(
    {
      id,
      client_id: DataTypes.TEXT,
      name: DataTypes.TEXT,
      owner_id: DataTypes.UUID,
      maker_id: DataTypes.UUID,
      token_series: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 1 },
      version,
      status,
    },
    { ...options, tableName: 'clients' },
  )
  GrantRecord.init(
    {
      id,
      holder_id: DataTypes.UUID,
      role: DataTypes.TEXT,
      area_ids: DataTypes.ARRAY(DataTypes.UUID),
      program_ids: DataTypes.ARRAY(DataTypes.UUID),
      source: DataTypes.TEXT,
    },
    { ...options, tableName: 'grants' },
  )
  CustomRole.init(
    {
      id,
      code: DataTypes.TEXT,
      name: DataTypes.TEXT,
      description: DataTypes.TEXT,
      permissions: DataTypes.ARRAY(DataTypes.TEXT),
      masks: DataTypes.ARRAY(DataTypes.TEXT),
      version,
    },
    { ...options, tableName: 'roles' },
  )
}
