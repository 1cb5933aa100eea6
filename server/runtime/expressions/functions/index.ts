import type { Builtin } from './define.ts'
import { LISTS } from './lists.ts'
import { NUMBERS } from './numbers.ts'
import { STRINGS } from './strings.ts'
import { TIMES } from './times.ts'

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map([...LISTS, ...NUMBERS, ...STRINGS, ...TIMES].map((each) => [each.name, each]))
