import type { Finding } from '../../definitions/model.ts'
import { BLOCKS, KNOWN_HELPERS } from '../helpers/register-helpers.ts'
import { faultOfPath, type Fields, type PathLike } from './check-fields.ts'
import type { Program } from './parse-text.ts'

/** The parts of Handlebars' syntax tree that are read here. */
interface Node {
  type: string
  loc: { start: { line: number; column: number } }
  path?: Node & Partial<PathLike>
  params?: Node[]
  hash?: { pairs: { value: Node }[] }
  escaped?: boolean
  body?: Node[]
  program?: Node & { blockParams?: string[] }
  inverse?: Node & { blockParams?: string[] }
}
interface Place { file: string; firstLine: number; findings: Finding[]; escapes: boolean; root: Fields }

const REFUSED: Record<string, string> = {
  PartialStatement: 'partials', PartialBlockStatement: 'partials', Decorator: 'decorators', DecoratorBlock: 'decorators',
}

/** Reports what a template may not do: code by partials or decorators, unknown helpers, unescaped output, undeclared fields. */
export function checkProgram(program: Program, fields: Fields, place: { file: string; firstLine?: number; escapes?: boolean; root?: Fields }): Finding[] {
  const walk: Place = { file: place.file, firstLine: place.firstLine ?? 1, escapes: place.escapes ?? true, root: place.root === undefined ? fields : place.root, findings: [] }
  checkBody(program as unknown as Node, [fields], new Set(), walk)
  return walk.findings
}

function report(place: Place, node: Node, code: string, message: string, fix: string): void {
  place.findings.push({ file: place.file, line: place.firstLine + node.loc.start.line - 1, column: node.loc.start.column + 1, level: 'error', code, message, fix })
}

function checkBody(body: Node | undefined, scopes: Fields[], params: Set<string>, place: Place): void {
  for (const node of body?.body ?? []) {
    const refused = REFUSED[node.type]
    if (refused) report(place, node, 'TEMPLATE_REFUSED', `${refused} are not available in templates`, 'Write the text in place, or repeat it with {{#each}}')
    else if (node.type === 'MustacheStatement') checkMustache(node, scopes, params, place)
    else if (node.type === 'BlockStatement') checkBlock(node, scopes, params, place)
  }
}

function checkMustache(node: Node, scopes: Fields[], params: Set<string>, place: Place): void {
  if (place.escapes && node.escaped === false) report(place, node, 'TEMPLATE_UNESCAPED', `{{{${node.path?.original}}}} would print unescaped`, 'Use {{…}}, or {{rich …}} for formatted text')
  checkCall(node, scopes, params, place)
}

function checkCall(node: Node, scopes: Fields[], params: Set<string>, place: Place): void {
  const name = String(node.path?.original ?? '')
  const hasArguments = (node.params?.length ?? 0) > 0 || node.hash !== undefined
  if (!KNOWN_HELPERS.has(name)) {
    if (hasArguments) report(place, node, 'TEMPLATE_HELPER', `there is no helper "${name}"`, `Helpers are ${[...KNOWN_HELPERS].sort().join(' ')}`)
    else checkValue(node.path, scopes, params, place)
  }
  for (const value of [...(node.params ?? []), ...(node.hash?.pairs.map((pair) => pair.value) ?? [])]) checkValue(value, scopes, params, place)
}

function checkValue(node: Node | undefined, scopes: Fields[], params: Set<string>, place: Place): void {
  if (node?.type === 'SubExpression') checkCall(node, scopes, params, place)
  if (node?.type !== 'PathExpression') return
  const fault = faultOfPath(node as unknown as PathLike, scopes, params, place.root)
  if (fault) report(place, node, 'TEMPLATE_FIELD', fault.message, fault.fix)
}

function checkBlock(node: Node, scopes: Fields[], params: Set<string>, place: Place): void {
  const name = String(node.path?.original ?? '')
  checkCall(node, scopes, params, place)
  if (KNOWN_HELPERS.has(name) && !(BLOCKS as readonly string[]).includes(name)) report(place, node, 'TEMPLATE_HELPER', `{{#${name}}} is no block`, `Blocks are ${BLOCKS.map((block) => `#${block}`).join(' ')}`)
  const changesContext = name !== 'if' && name !== 'unless'
  const source = name === 'each' ? node.params?.[0] : undefined
  const inner = changesContext ? [...scopes, rowFields(source, scopes)] : scopes
  checkBody(node.program, inner, new Set([...params, ...(node.program?.blockParams ?? [])]), place)
  checkBody(node.inverse, scopes, params, place)
}

/** Fields of one row of a declared list; unknown for any other value. */
function rowFields(source: Node | undefined, scopes: Fields[]): Fields {
  const path = source as unknown as PathLike & { type?: string } | undefined
  if (path?.type !== 'PathExpression' || path.data || path.parts.length !== 1) return null
  return scopes[scopes.length - 1 - path.depth]?.get(String(path.parts[0])) ?? null
}
