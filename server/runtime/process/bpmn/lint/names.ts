import type { EffectDef, ElementInfo } from '../../core/types.ts'
import { title, type Lint } from './context.ts'

/** Names that live in other artefacts. */
export function lintNames(lint: Lint): void {
  for (const el of lint.elements) {
    lintElement(lint, el)
    lintEffects(lint, el.id, el.line, el.effects)
  }
  for (const f of lint.flows) lintEffects(lint, f.id, f.line, f.effects)
  lintMessages(lint)
}

function lintElement({ context, found }: Lint, el: ElementInfo): void {
  const known = (set: ReadonlySet<string> | undefined, name: string | undefined, what: string, fix: string): void => {
    if (set && name !== undefined && !set.has(name)) found.error(el.line, `name.${what}`, `${title(el)}: ${what} "${name}" is not known`, fix)
  }
  for (const role of [...(el.role ?? []), ...el.outcomes.flatMap(o => o.role ?? [])]) known(context.roles, role, 'role', 'use a role of roles.json')
  known(context.operations, el.operation, 'operation', 'use the id of an operation, e.g. seating/arrange')
  known(context.states, el.status, 'status', 'add the state to x-states of the entity, or use one that is there')
  known(context.texts, el.text, 'text', 'add a text template of this name')
  for (const form of [el.form, ...el.outcomes.map(o => o.form)]) known(context.forms, form, 'form', 'add <name>.input.json beside the entity, and write form="<entity>/<name>"')
  if (context.rules && el.rule !== undefined) {
    const args = context.rules[el.rule]
    if (!args) known(new Set(), el.rule, 'rule', 'use a rule that family.json or program.json declares')
    else if (args.join() !== el.inputs.map(i => i.name).join()) found.error(el.line, 'name.ruleArguments', `${title(el)} gives rule "${el.rule}" the inputs (${el.inputs.map(i => i.name).join(', ')}), it takes (${args.join(', ')})`, 'write one certflow:input per argument, in this order')
  }
}

function lintEffects({ context, found }: Lint, id: string, line: number, effects: EffectDef[]): void {
  const twice = effects.find((e, i) => effects.findIndex(x => x.id === e.id) !== i)
  if (twice) found.error(line, 'effect.duplicate', `${id} has two effects called "${twice.id}"`, 'give each an id of its own')
  for (const e of effects) {
    const entity = e.kind === 'make' ? e.into : e.entity
    if (context.entities && entity !== undefined && !context.entities.has(entity)) found.error(line, 'name.entity', `${id}: effect "${e.id}" writes "${entity}", which is no entity`, 'use the name of an entity of this family')
    if (e.kind === 'set' && e.entity !== undefined && e.where === undefined && e.rows === undefined) found.error(line, 'effect.where', `${id}: effect "${e.id}" sets ${e.entity} without saying which records`, 'write where="item.… = …", or rows="…" with key="…"')
    if (e.rows !== undefined && e.key === undefined) found.error(line, 'effect.key', `${id}: effect "${e.id}" has rows but no key to join them by`, 'write key="<column of the rows>"')
  }
}

function lintMessages({ process, context, elements, found }: Lint): void {
  const thrown = new Set([...elements].filter(e => e.event === 'message' && (e.type === 'endEvent' || e.type === 'intermediateThrowEvent')).map(e => e.message))
  for (const el of elements) {
    if (el.message === undefined || el.type === 'endEvent' || el.type === 'intermediateThrowEvent') continue
    if (context.thrown && !el.role && !thrown.has(el.message) && !context.thrown.has(el.message)) found.warn(el.line, 'message.notThrown', `nobody throws the message "${el.message}" that ${title(el)} waits for`, 'give it certflow:role so that people may send it, or throw it from an action, an import or a process')
  }
  for (const hosts of Object.values(process.index.boundaries)) {
    const messages = hosts.map(id => process.elements[id]?.message).filter(m => m !== undefined)
    const twice = messages.find((m, i) => messages.indexOf(m) !== i)
    if (twice) found.error(process.elements[hosts[0] ?? '']?.line ?? 1, 'message.twice', `two boundary events of ${process.elements[hosts[0] ?? '']?.attachedTo} catch "${twice}"`, 'use two message names, or one event')
  }
}
