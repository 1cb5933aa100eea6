import { attributeOf, called, idOf, readSource, type SourceAttribute, type SourceNode } from './source.ts'

/** Something that a file said and its saved copy does not; `line` is of the file. */
export interface Lost { line: number; what: string }

const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
const XMLNS = 'http://www.w3.org/2000/xmlns/'
/** Values that say what is so without them; a writer leaves them out. */
const DEFAULTS: Record<string, string> = {
  isExecutable: 'false', isClosed: 'false', processType: 'None', gatewayDirection: 'Unspecified', isInterrupting: 'true', cancelActivity: 'true', parallelMultiple: 'false', triggeredByEvent: 'false',
  isForCompensation: 'false', startQuantity: '1', completionQuantity: '1', instantiate: 'false', eventGatewayType: 'Exclusive', isImmediate: 'true', waitForCompletion: 'true', isCollection: 'false', isUnlimited: 'true',
  isSequential: 'false', behavior: 'All', testBefore: 'false', ordering: 'Parallel', cancelRemainingInstances: 'true', associationDirection: 'None', implementation: '##unspecified', textFormat: 'text/plain', messageVisibleKind: 'initiating',
  itemKind: 'Information', mustUnderstand: 'false', method: '##Compensate', isReference: 'false', minimum: '0', maximum: '1', expressionLanguage: 'http://www.w3.org/1999/XPath', typeLanguage: 'http://www.w3.org/2001/XMLSchema',
}

/** What `after` lacks of `before`: elements, attributes and texts, compared by namespace and name, whatever the prefixes and the order. */
export function lostBetween(before: string, after: string): Lost[] {
  const [a, b] = [readSource(before), readSource(after)]
  if (!a.root) return []
  if (!b.root || b.problem) return [{ line: 1, what: `everything: the saved file cannot be read${b.problem ? `, ${b.problem.message}` : ''}` }]
  const lost: Lost[] = []
  compare(a.root, b.root, lost)
  return lost.sort((x, y) => x.line - y.line)
}

const same = (a: SourceNode, b: SourceNode): boolean => a.uri === b.uri && a.local === b.local
const isDeclaration = (a: SourceAttribute): boolean => a.uri === XMLNS || a.prefix === 'xmlns' || a.local === 'xmlns'
/** `xsi:type` of a point, of bounds or of a plain expression says what their name says already. */
const isKnownType = (a: SourceAttribute): boolean => a.uri === XSI && a.local === 'type' && /^(\w+:)?(Point|Bounds|Font|tExpression)$/.test(a.value)
const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim()
/** A number without idle zeros; a qualified name without its prefix, which belongs to the file. */
const bare = (value: string): string => {
  const text = tidy(value)
  return /^-?\d+\.\d+$|^-?\d{1,15}$/.test(text) ? String(Number(text)) : text.replace(/^[\w.-]+:(?=[\w.-]+$)/, '')
}

function compare(a: SourceNode, b: SourceNode, lost: Lost[]): void {
  for (const attribute of a.attributes) {
    if (isDeclaration(attribute) || isKnownType(attribute)) continue
    // an element's own namespace may be written on its attributes or not
    const found = attributeOf(b, attribute.local, attribute.uri) ?? (attribute.uri === a.uri ? attributeOf(b, attribute.local) : undefined)
    if (found ? bare(found.value) !== bare(attribute.value) : DEFAULTS[attribute.local] !== attribute.value && attribute.value !== '')
      lost.push({ line: attribute.line, what: `${attribute.prefix ? `${attribute.prefix}:` : ''}${attribute.local}="${attribute.value}" of ${called(a)}` })
  }
  if (tidy(a.text) !== tidy(b.text)) lost.push({ line: a.line, what: `the text of ${called(a)}` })
  const open = [...b.children]
  for (const child of a.children) {
    const at = partner(child, open)
    const other = at < 0 ? undefined : open.splice(at, 1)[0]
    if (other) compare(child, other, lost)
    else lost.push({ line: child.line, what: `<${child.prefix ? `${child.prefix}:` : ''}${child.local}>${idOf(child) === undefined ? '' : ` ${idOf(child) ?? ''}`} in ${called(a)}` })
  }
}

/** The child that says the same, else the one of that id, else the first of that name. */
function partner(child: SourceNode, open: SourceNode[]): number {
  const id = idOf(child)
  if (id !== undefined) {
    const at = open.findIndex(o => same(child, o) && idOf(o) === id)
    if (at >= 0) return at
  }
  const written = print(child)
  const equal = open.findIndex(o => same(child, o) && print(o) === written)
  return equal >= 0 ? equal : open.findIndex(o => same(child, o) && (id === undefined || idOf(o) === undefined))
}
const print = (n: SourceNode): string =>
  `${n.local}(${n.attributes.filter(a => !isDeclaration(a)).map(a => `${a.uri}|${a.local}=${bare(a.value)}`).sort().join(';')})${tidy(n.text)}[${n.children.map(print).join()}]`
