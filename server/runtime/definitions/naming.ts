import { createHash } from 'node:crypto'

/** Identifiers stay ≤ 60 characters (MySQL allows 64, a suffix such as _bix must fit); longer ones end in a hash. */
const fit = (name: string): string => (name.length <= 56 ? name : `${name.slice(0, 47)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`)

/** "snapshot.idNo" -> "snapshot_id_no" */
export const snakeCase = (path: string): string =>
  path.replaceAll('[]', '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase()

// Words that SQLite or MySQL reserve, and the system columns: a property of that name gets a trailing underscore.
const TAKEN = new Set(('add all alter and as asc between by case check collate column commit condition constraint create cross current current_date current_time current_timestamp data database default delete desc describe '
  + 'distinct div drop each else end escape except exists explain false fetch for force foreign from full group groups having id if ignore in index inner insert intersect interval into is isnull join key keys kill lag lead left like limit '
  + 'lines load lock match maxvalue mod natural not notnull null of offset on option or order org out outer over partition primary process_id program range rank read recursive references regexp release rename repeat replace require return '
  + 'rev right row row_number rows schema select separator set show signal sql status system table then to transaction trigger true union unique unlock update usage use using values view virtual when where while window with write xor').split(' '))

export const columnName = (path: string): string => { const name = fit(snakeCase(path)); return TAKEN.has(name) ? `${name}_` : name }
export const tableName = (family: string, entity: string): string => fit(`e_${snakeCase(family)}_${snakeCase(entity)}`)
export const linkTableName = (family: string, entity: string, path: string): string => fit(`l_${snakeCase(family)}_${snakeCase(entity)}_${snakeCase(path)}`)
/** Blind index beside the encrypted column: equality only. */
export const blindColumn = (column: string): string => `${column}_bix`
