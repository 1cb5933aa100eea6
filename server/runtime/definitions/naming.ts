import { createHash } from 'node:crypto'

/** Identifiers stay ≤ 60 characters (MySQL allows 64, a suffix such as _bix must fit); longer ones end in a hash. */
const fit = (name: string): string => (name.length <= 56 ? name : `${name.slice(0, 47)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`)

/** "snapshot.idNo" -> "snapshot_id_no" */
export const snakeCase = (path: string): string =>
  path.replaceAll('[]', '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase()

export const columnName = (path: string): string => fit(snakeCase(path))
export const tableName = (family: string, entity: string): string => fit(`e_${snakeCase(family)}_${snakeCase(entity)}`)
export const linkTableName = (family: string, entity: string, path: string): string => fit(`l_${snakeCase(family)}_${snakeCase(entity)}_${snakeCase(path)}`)
/** Blind index beside the encrypted column: equality only. */
export const blindColumn = (column: string): string => `${column}_bix`
