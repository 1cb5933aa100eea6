import type { ErrorSchema } from '@rjsf/utils'
import type { JsonObject, Problem } from '#app/gateway/contracts.server.ts'

interface Tree { [key: string]: Tree | string[] | undefined; __errors?: string[] }

/** Problems with a path as rjsf's tree of errors, each at its field. */
export const toErrorTree = (problems: Problem[]): ErrorSchema => {
  const root: Tree = {}
  for (const problem of problems) {
    if (!problem.path) continue
    let node = root
    for (const key of problem.path.split('.')) node = (node[key] ??= {}) as Tree
    node.__errors = [...(node.__errors ?? []), problem.message]
  }
  return root as ErrorSchema
}

const plain = (value: unknown): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value)

/** The title of the field at a path, with the row's number for table rows: "专业 #3 申报人数". */
export const titleAt = (schema: JsonObject, path: string, ui: JsonObject = {}): string => {
  const titles: string[] = []
  let node: unknown = schema
  let shown: unknown = ui
  for (const key of path.split('.')) {
    if (!plain(node)) break
    if (/^\d+$/.test(key) && node.items !== undefined) {
      node = node.items
      shown = plain(shown) ? shown.items : undefined
      titles.push(`#${Number(key) + 1}`)
    } else {
      node = plain(node.properties) ? node.properties[key] : undefined
      shown = plain(shown) ? shown[key] : undefined
      // what the form calls it, a chooser for several fields above all
      const title = (plain(shown) ? shown['ui:title'] : undefined) ?? (plain(node) ? node.title : undefined)
      if (typeof title === 'string') titles.push(title)
    }
  }
  return titles.join(' ') || path
}

/** The server names the field in its message; here the message stands at the field. */
export const withoutTitle = (problem: Problem, schema: JsonObject): Problem => {
  const start = problem.path ? `${titleAt(schema, problem.path)}：` : ''
  return start && problem.message.startsWith(start) ? { ...problem, message: problem.message.slice(start.length) } : problem
}
