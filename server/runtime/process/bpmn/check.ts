import { checkBpmn } from './check-bpmn.ts'
import { checkCertflowAttributes, checkExtensions } from './check-certflow.ts'
import type { Findings } from './finding.ts'
import { idOf, walk, type SourceNode } from './source.ts'
import { BPMN_URI, DRAWN } from './vocabulary.ts'

/** Ids as the modelers of bpmn.io read them; an element with another one would be left out without a word. */
const ID = /^([a-z][\w.-]*:)?[a-z_][\w.-]*$/i
const isDiagram = (node: SourceNode): boolean => node.local === 'BPMNDiagram'

/** Everything in the file that Certflow would not read as it stands. */
export function checkSource(root: SourceNode, found: Findings): void {
  visit(root, found)
  const seen = new Map<string, number>()
  for (const node of walk(root)) {
    const id = idOf(node)
    if (id === undefined || node.uri !== BPMN_URI) continue
    if (!ID.test(id)) found.error(node.line, 'bpmn.id', `id "${id}" of <${node.local}> cannot be read`, 'begin it with one of a-z, A-Z or _, and go on with these, digits, . and -')
    const first = seen.get(id)
    if (first !== undefined) found.error(node.line, 'bpmn.duplicateId', `id "${id}" is used again (first in line ${first})`, 'give every element an id of its own')
    else seen.set(id, node.line)
  }
}

function visit(node: SourceNode, found: Findings): void {
  if (isDiagram(node)) return
  if (node.uri !== BPMN_URI) {
    found.error(node.line, 'bpmn.element', `<${node.prefix ? `${node.prefix}:` : ''}${node.local}> is not a BPMN element`, 'move it into <bpmn:extensionElements> or remove it; check the namespace')
    return
  }
  checkBpmn(node, found)
  checkCertflowAttributes(node, found)
  if (DRAWN.has(node.local)) return
  if (node.local === 'extensionElements') return checkExtensions(node, found)
  for (const child of node.children) visit(child, found)
}
