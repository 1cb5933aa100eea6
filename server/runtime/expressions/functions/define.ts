import type { FeelKind, FeelType, FeelValue, WorkCalendar } from '../types.ts'

export type ParamKind = FeelKind | 'list' | 'temporal'
export interface Param { name: string; kinds: ParamKind[]; optional: boolean }
/** What a function may know besides its arguments. */
export interface CallEnv { zone: string; now: number; calendar: WorkCalendar | undefined }
export interface Builtin {
  name: string
  params: Param[]
  /** the last parameter repeats */
  variadic: boolean
  result: (args: FeelType[]) => FeelType
  run: (args: FeelValue[], env: CallEnv) => FeelValue
  /** a null argument makes the result null, so `run` sees none; false for functions that look at null themselves */
  strict: boolean
  signature: string
}

/**
 * Declares a function by its signature, e.g. `substring(string: string, start: number, length?: number)`.
 * `a|b` are alternatives, `...` before a name lets the parameter repeat.
 */
export const define = (signature: string, result: FeelType | ((args: FeelType[]) => FeelType), run: Builtin['run'], options: { strict?: boolean } = {}): Builtin => {
  const m = /^([^(]+)\((.*)\)$/.exec(signature)!
  const parts = m[2]!.trim() === '' ? [] : m[2]!.split(',').map((p) => p.trim())
  const params = parts.map((part): Param => {
    const [name = '', kinds = 'any'] = part.split(':').map((p) => p.trim())
    return { name: name.replace(/^\.\.\.|\?$/g, ''), kinds: kinds.split('|') as ParamKind[], optional: name.endsWith('?') }
  })
  return {
    name: m[1]!, params, variadic: parts.at(-1)?.startsWith('...') ?? false, run, strict: options.strict ?? true, signature,
    result: typeof result === 'function' ? result : () => result,
  }
}
