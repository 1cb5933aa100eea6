import type { Findings } from './finding.ts'
import { saidHere } from './foreign.ts'
import { attributeOf, called, idOf, type SourceNode } from './source.ts'
import { ATTRIBUTES, BPMN_URI, CERTFLOW_URI, DEFAULT_EXTENSIONS, EXTENSIONS, SHAPES, VALUES } from './vocabulary.ts'

const list = (names: string[]): string => names.join(', ') || 'none'

/** certflow: attributes of one BPMN element. */
export function checkCertflowAttributes(node: SourceNode, found: Findings): void {
  const known = ATTRIBUTES[node.local] ?? []
  for (const a of node.attributes.filter(x => x.uri === CERTFLOW_URI)) {
    if (!known.includes(a.local)) {
      const homes = Object.keys(ATTRIBUTES).filter(e => ATTRIBUTES[e]?.includes(a.local))
      found.error(a.line, 'certflow.attribute', `certflow:${a.local} on <${node.local}> ${idOf(node) ?? ''} is not read`, homes.length > 0 ? `certflow:${a.local} belongs on ${homes.join(', ')}` : `known here: ${list(known)}`)
    } else checkValue(a.local, a.value, a.line, found)
  }
}

function checkValue(name: string, value: string, line: number, found: Findings): void {
  const allowed = VALUES[name]
  if (value.trim() === '') found.error(line, 'certflow.empty', `${name} is empty`, `write a value or leave ${name} out`)
  else if (allowed && !allowed.includes(value)) found.error(line, 'certflow.value', `${name}="${value}" is not known`, `use one of: ${list(allowed)}`)
}

/** Children of an extensionElements node. */
export function checkExtensions(node: SourceNode, found: Findings): void {
  const owner = node.parent
  const known = owner ? EXTENSIONS[owner.local] ?? DEFAULT_EXTENSIONS : []
  for (const child of node.children) {
    if (child.uri !== CERTFLOW_URI) {
      found.warn(child.line, 'bpmn.foreign', `<${child.prefix ? `${child.prefix}:` : ''}${child.local}> in ${owner ? called(owner) : 'the file'} belongs to another tool and has no effect here`, saidHere(child.local, owner?.local ?? ''))
      continue
    }
    if (!known.includes(child.local)) found.error(child.line, 'certflow.element', `<certflow:${child.local}> in <${owner?.local}> ${owner ? idOf(owner) ?? '' : ''} is not read`, `known here: ${list(known.map(k => `certflow:${k}`))}`)
    else checkShape(child, found)
  }
}

function checkShape(node: SourceNode, found: Findings): void {
  const shape = SHAPES[node.local]
  if (!shape) return
  const name = `<certflow:${node.local}>`
  for (const a of node.attributes) {
    if (a.prefix === 'xmlns' || a.local === 'xmlns') continue
    if (a.uri !== '' || !shape.attributes.includes(a.local))
      found.error(a.line, 'certflow.attribute', `${name} has the attribute "${a.local}", which is not read`, a.local === 'values' ? 'write one <certflow:value name="…"> per value' : `known here: ${list(shape.attributes)}`)
    else checkValue(a.local, a.value, a.line, found)
  }
  for (const need of shape.required) if (!attributeOf(node, need)) found.error(node.line, 'certflow.missing', `${name} has no "${need}"`, `write ${need}="…"`)
  if (shape.body && node.text.trim() === '') found.error(node.line, 'certflow.empty', `${name} ${attributeOf(node, 'name')?.value ?? ''} has no expression`, 'write a FEEL expression between the tags')
  if (node.local === 'set' && node.children.length === 0 && !attributeOf(node, 'draw')) found.error(node.line, 'certflow.missing', `${name} sets nothing`, 'add <certflow:value name="…"> or draw="…"')
  for (const child of node.children) {
    if (child.uri === BPMN_URI || !shape.children.includes(child.local)) found.error(child.line, 'certflow.element', `<${child.prefix}:${child.local}> in ${name} is not read`, `known here: ${list(shape.children.map(k => `certflow:${k}`))}`)
    else checkShape(child, found)
  }
}
