/** "* except a b", "a b.c", "majors[].approved": which paths a list of fields names. */
export interface FieldSet { all: boolean; except: Set<string>; paths: Set<string> }

export function fieldSet(lists: (string[] | undefined)[]): FieldSet[] {
  return lists.filter((l): l is string[] => Boolean(l)).map((list) => {
    const tokens = list.flatMap((t) => t.split(/[\s,]+/)).filter(Boolean)
    const cut = tokens.indexOf('except')
    const head = cut < 0 ? tokens : tokens.slice(0, cut)
    return { all: head.includes('*'), except: new Set(cut < 0 ? [] : tokens.slice(cut + 1)), paths: new Set(head.filter((t) => t !== '*')) }
  })
}

/** A path is unlocked when one list names it, an ancestor or, for arrays of objects, an item field of it. */
export function allows(sets: FieldSet[], path: string): boolean {
  return sets.some((s) => {
    const steps = path.split('.').map((_, i, all) => all.slice(0, i + 1).join('.'))
    if (steps.some((p) => s.paths.has(p))) return true
    return s.all && !steps.some((p) => s.except.has(p))
  })
}
/** Item fields named of an array that is otherwise locked, e.g. approved of majors[].approved. */
export function itemFields(sets: FieldSet[], array: string): string[] {
  return sets.flatMap((s) => [...s.paths].filter((p) => p.startsWith(`${array}[].`)).map((p) => p.slice(array.length + 3)))
}
