import { createHash } from 'node:crypto'

/** Identifiers stay ≤ 60 characters (MySQL allows 64, a suffix such as _bix must fit); longer ones end in a hash. */
const fit = (name: string): string => (name.length <= 56 ? name : `${name.slice(0, 47)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`)

/** "snapshot.idNo" -> "snapshot_id_no" */
export const snakeCase = (path: string): string =>
  path.replaceAll('[]', '').replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase()

// Words that SQLite, MySQL 8 or MariaDB reserve, and the system columns: a property of that name gets a trailing underscore.
const TAKEN = new Set(('accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call cascade case change char character check collate column commit condition '
  + 'constraint continue convert create cross cube cume_dist current current_date current_role current_time current_timestamp current_user cursor data database databases day_hour '
  + 'day_microsecond day_minute day_second dec decimal declare default delayed delete delete_domain_id dense_rank desc describe deterministic distinct distinctrow div do_domain_ids '
  + 'double drop dual each else elseif empty enclosed end escape escaped except exists exit explain false fetch first_value float float4 float8 for force foreign from full fulltext '
  + 'function general generated get grant group grouping groups having high_priority hour_microsecond hour_minute hour_second id if ignore ignore_domain_ids ignore_server_ids in '
  + 'index infile inner inout insensitive insert int int1 int2 int3 int4 int8 integer intersect interval into io_after_gtids io_before_gtids is isnull iterate join json_table key '
  + 'keys kill lag last_value lateral lead leading leave left like limit linear lines load localtime localtimestamp lock long longblob longtext loop low_priority manual master_bind '
  + 'master_heartbeat_period master_ssl_verify_server_cert match maxvalue mediumblob mediumint mediumtext middleint minute_microsecond minute_second mod modifies natural '
  + 'no_write_to_binlog not notnull nth_value ntile null numeric of offset on optimize optimizer_costs option optionally or order org out outer outfile over page_checksum parallel '
  + 'parse_vcol_expr partition percent_rank precision primary procedure process_id program purge qualify range rank read read_write reads real recursive ref_system_id references '
  + 'regexp release rename repeat replace require resignal restrict return returning rev revoke right rlike row row_number rows schema schemas second_microsecond select sensitive '
  + 'separator set show signal slow smallint spatial specific sql sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate sqlwarning ssl starting '
  + 'stats_auto_recalc stats_persistent stats_sample_pages status stored straight_join system table tablesample terminated then tinyblob tinyint tinytext to trailing transaction '
  + 'trigger true undo union unique unlock unsigned update usage use using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying view virtual when where '
  + 'while window with write xor year_month zerofill').split(' '))

export const columnName = (path: string): string => { const name = fit(snakeCase(path)); return TAKEN.has(name) ? `${name}_` : name }
export const tableName = (family: string, entity: string): string => fit(`e_${snakeCase(family)}_${snakeCase(entity)}`)
export const linkTableName = (family: string, entity: string, path: string): string => fit(`l_${snakeCase(family)}_${snakeCase(entity)}_${snakeCase(path)}`)
/** Blind index beside the encrypted column: equality only. */
export const blindColumn = (column: string): string => `${column}_bix`
