import type { Ir } from '../ir/ir.ts'
import type { CompileOptions, FeelProblem, SqlTarget } from '../types.ts'
import { newFrame, write } from './expression.ts'
import { NotSql } from './frame.ts'

/** Writes the SQL once for nothing, with the rows such an expression usually has, to learn whether it can be written. */
export const whyNotSql = (text: string, ir: Ir, options: CompileOptions): FeelProblem | null => {
  let n = 0
  const target: SqlTarget = {
    dialect: 'sqlite', rows: rowsOf(options), alias: () => `p${++n}`, blind: () => '', now: 0, zone: 'Asia/Shanghai',
    join: () => `p${++n}`,
  }
  try {
    write(ir, newFrame(text, options, target, null), ir.type.kind === 'boolean' ? 'condition' : 'value')
    return null
  } catch (error) {
    if (error instanceof NotSql) return error.problem
    throw error
  }
}

const rowsOf = (options: CompileOptions): SqlTarget['rows'] => {
  const typed = (name: string): string | undefined => {
    const type = options.names[name]
    return type?.kind === 'entity' ? type.entity : undefined
  }
  const own = options.self === undefined ? typed('record') : options.self
  const names = options.queryRows ?? (typed('item') !== undefined ? ['item'] : ['', 'record'])
  return Object.fromEntries(names.flatMap((name) => {
    const entity = name === '' || name === 'record' ? typed('record') ?? own : typed(name)
    return entity === undefined ? [] : [[name, { entity, alias: `q_${name || 'own'}` }]]
  }))
}
