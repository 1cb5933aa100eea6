import type { EffectDef, ElementInfo, MoveDef, OutcomeDef, ValueDef } from '../core/types.ts'
import { attributeOf, type SourceNode } from './source.ts'
import { CERTFLOW_URI } from './vocabulary.ts'

export const names = (text: string | undefined): string[] | undefined => text?.split(/\s+/).filter(Boolean)

/** Drops keys without a value, so that compiled JSON stays small. */
export function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T
}

export const certflow = (node: SourceNode) => (name: string): string | undefined => attributeOf(node, name, CERTFLOW_URI)?.value

const extensions = (node: SourceNode): SourceNode[] =>
  node.children.filter(c => c.local === 'extensionElements').flatMap(c => c.children).filter(c => c.uri === CERTFLOW_URI)
const values = (node: SourceNode, local: string): ValueDef[] =>
  node.children.filter(c => c.local === local).map(c => ({ name: attributeOf(c, 'name')?.value ?? '', expr: c.text.trim() }))

/** set and make of a task, event or flow, in document order; an effect without id is named by its place. */
export function readEffects(node: SourceNode): EffectDef[] {
  return extensions(node).filter(c => c.local === 'set' || c.local === 'make').map((c, i) => {
    const at = (name: string): string | undefined => attributeOf(c, name)?.value
    const kind = c.local === 'set' ? 'set' as const : 'make' as const
    return present({
      kind, id: at('id') ?? `${kind}${i + 1}`,
      entity: at('entity'), where: at('where'), rows: at('rows'), key: at('key'), draw: at('draw'), order: at('order'),
      into: at('into'), from: at('from'), groupBy: at('groupBy'), link: at('link'), onExisting: at('onExisting'),
      values: values(c, 'value'),
      unless: c.children.filter(u => u.local === 'unless').map((u, n) => ({ id: attributeOf(u, 'id')?.value ?? `unless${n + 1}`, if: attributeOf(u, 'if')?.value ?? '', reason: attributeOf(u, 'reason')?.value ?? '' })),
    })
  })
}

export function readOutcomes(node: SourceNode): OutcomeDef[] {
  return extensions(node).filter(c => c.local === 'outcome').map(c => {
    const at = (name: string): string | undefined => attributeOf(c, name)?.value
    return present({
      id: at('id') ?? '', label: at('label') ?? '', style: at('style'), comment: (at('comment') ?? 'none') as OutcomeDef['comment'],
      signature: at('signature') as 'drawn' | undefined, form: at('form'), when: at('when'), bulk: at('bulk'), confirm: at('confirm'), role: names(at('role')),
    })
  })
}

/** What people may do besides outcomes; of a task or of the process. */
export function readMoves(node: SourceNode): MoveDef[] | undefined {
  const moves = extensions(node).filter(c => c.local === 'move').map((c): MoveDef => {
    const at = (name: string): string | undefined => attributeOf(c, name)?.value
    const kind = (at('do') ?? '') as MoveDef['do']
    const comment = kind === 'return' || kind === 'jump' || kind === 'suspend' ? 'required' : kind === 'claim' ? 'none' : 'optional'
    return present({
      do: kind, id: at('id') ?? kind, label: at('label'), comment: (at('comment') ?? comment) as MoveDef['comment'], role: names(at('role')), when: at('when'), confirm: at('confirm'),
      to: names(at('to')), people: names(at('people')), then: at('then') as MoveDef['then'], line: c.line,
    })
  })
  return moves.length > 0 ? moves : undefined
}

/** What the certflow namespace says about one element. */
export function readCertflow(node: SourceNode): Partial<ElementInfo> & Pick<ElementInfo, 'outcomes' | 'inputs' | 'outputs' | 'effects'> {
  const at = certflow(node)
  const flag = (name: string): boolean | undefined => (at(name) === undefined ? undefined : at(name) === 'true')
  const mapped = (local: string): ValueDef[] => extensions(node).filter(c => c.local === local).map(c => ({ name: attributeOf(c, 'name')?.value ?? '', expr: c.text.trim() }))
  return present({
    role: names(at('role')), org: at('org'), label: at('label'), style: at('style'), form: at('form'), status: at('status'),
    edit: names(at('edit')), delete: flag('delete'), due: at('due'), draft: flag('draft'), assignee: at('assignee'), notBy: names(at('notBy')), moves: readMoves(node),
    comment: at('comment') as ElementInfo['comment'], confirm: at('confirm'), bulk: at('bulk'),
    operation: at('operation'), rule: at('rule'), to: at('to'), channel: names(at('channel')), text: at('text'),
    outcomes: readOutcomes(node), inputs: mapped('input'), outputs: mapped('output'), effects: readEffects(node),
  })
}
