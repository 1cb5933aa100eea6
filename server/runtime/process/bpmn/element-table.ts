import { readdir } from 'node:fs/promises'
import type { ElementDoc } from '../core/elements/behaviour.ts'
import { ATTRIBUTES, DEFAULT_EXTENSIONS, EXTENSIONS, NODES, WAIT } from './vocabulary.ts'

const FOLDER = new URL('../core/elements/', import.meta.url)
const BEGIN = '<!-- elements: made by `node scripts/write-element-table.mjs` from server/runtime/process/core/elements -->'
const END = '<!-- /elements -->'

/** What each file of the folder of elements says of itself; a file without `doc` is a part of others. */
export async function readElementDocs(): Promise<ElementDoc[]> {
  const files = (await readdir(FOLDER)).filter(f => f.endsWith('.ts') && !f.endsWith('.test.ts')).sort()
  const modules = await Promise.all(files.map(async f => (await import(new URL(f, FOLDER).href)) as { doc?: ElementDoc[] }))
  return modules.flatMap(m => m.doc ?? [])
}

const attributesOf = (doc: ElementDoc): string => {
  const all = ATTRIBUTES[doc.tag === 'eventStart' ? 'startEvent' : doc.tag] ?? []
  const waits = WAIT.every(w => all.includes(w))
  const own = (waits ? all.filter(a => !WAIT.includes(a)) : all).map(a => `\`${a}\``)
  return [...(waits && doc.rests !== false ? ['wait attributes'] : []), ...own].join(', ')
}

/** The table of elements, in the order of the vocabulary. */
export function elementTable(docs: ElementDoc[]): string {
  const tags = [...NODES].flatMap(tag => (tag === 'subProcess' ? [tag, 'eventStart'] : [tag]))
  const rows = tags.flatMap(tag => docs.filter(d => d.tag === tag)).map(d =>
    [`${d.name}${d.events ? `: ${d.events.join(', ')}` : ''}`, d.names, d.en, d.zh, attributesOf(d), (EXTENSIONS[d.tag] ?? DEFAULT_EXTENSIONS).join(', ')])
  const flow = ['sequence flow', '顺序流', 'carries a condition and effects', '带条件与后续处理', '', DEFAULT_EXTENSIONS.join(', ')]
  const head = ['element', '元素', 'what happens to the token', '令牌怎样走', 'certflow attributes', 'in `extensionElements`']
  return [head, head.map(() => '---'), ...rows, flow].map(cells => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')).join('\n')
}

/** A page with its table between the marks made anew. Throws where the marks are missing. */
export function withElementTable(page: string, table: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`the page has no place for the table of elements: write "${BEGIN}" and "${END}" around it`)
  return `${page.slice(0, from)}${BEGIN}\n\n${table}\n\n${page.slice(to)}`
}
