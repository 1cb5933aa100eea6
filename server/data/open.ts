import { AppError } from '../platform/errors.ts'
import { createDb } from './database.ts'
import { sqliteDriver } from './statement/sqlite.ts'
import type { Db } from './types.ts'

export interface DatabaseConfig {
  /** sqlite:<file> | mysql://user:password@host:port/database | mariadb://… */
  url: string
  /** FULL survives a power cut at the last commit; NORMAL a crash of the process */
  synchronous?: 'NORMAL' | 'FULL'
  poolSize?: number
}

/** Opens (and for SQLite creates) the database. Close it when done; handles of one file are shared per thread. */
export const openDatabase = async (config: DatabaseConfig): Promise<Db> => {
  if (config.url.startsWith('sqlite:')) {
    const file = config.url.slice('sqlite:'.length)
    if (!file || file === ':memory:') throw new AppError('CONFIG_INVALID', { problems: `DATABASE_URL "${config.url}" names no file; write sqlite:var/certflow.sqlite` })
    return createDb(sqliteDriver({ file, synchronous: config.synchronous ?? 'NORMAL' }))
  }
  if (/^(mysql|mariadb):\/\//.test(config.url)) {
    // Sequelize and mysql2 cost a fifth of a second and 20 MB that the embedded database has no use for
    const { mysqlDriver } = await import('./statement/mysql.ts')
    return createDb(await mysqlDriver({ url: config.url, poolSize: config.poolSize ?? 10 }))
  }
  throw new AppError('CONFIG_INVALID', { problems: `DATABASE_URL begins with "${config.url.split(':')[0]}:"; sqlite:, mysql:// and mariadb:// are supported` })
}
