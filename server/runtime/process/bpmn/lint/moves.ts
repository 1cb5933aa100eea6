import { beside } from '../../core/beside.ts'
import { canBePutAt } from '../../core/move.ts'
import type { ElementInfo, MoveDef } from '../../core/types.ts'
import { nextOf, title, type Lint } from './context.ts'

const ON_PROCESS = ['jump', 'suspend']
const ACTS: Record<string, string[]> = { to: ['return', 'jump'], people: ['delegate', 'sign-before', 'sign-after'], then: ['delegate'] }

/** What people may do besides outcomes: where it has a meaning, and where it would lead. */
export function lintMoves(lint: Lint): void {
  for (const el of lint.elements) for (const move of el.moves ?? []) lintMove(lint, move, el)
  for (const move of lint.process.moves ?? []) lintMove(lint, move, null)
  lintIds(lint)
}

function lintMove(lint: Lint, move: MoveDef, el: ElementInfo | null): void {
  const { found, context } = lint
  const where = el ? title(el) : 'the process'
  const say = (code: string, message: string, fix: string): void => found.error(move.line, code, message, fix)
  if (el && ON_PROCESS.includes(move.do)) return say('move.place', `"${move.do}" on ${where}: it concerns the whole instance`, 'write it in the extensionElements of <bpmn:process>')
  if (!el && !ON_PROCESS.includes(move.do)) return say('move.place', `"${move.do}" on the process: it concerns one task`, 'write it in the extensionElements of the user task')
  if (!el && !move.role?.length) say('move.role', `"${move.do}" names no role: nobody may do it`, 'write role="<role> …"')
  for (const role of [...(move.role ?? []), ...(move.people ?? [])]) if (context.roles && !context.roles.has(role)) say('name.role', `${where}: role "${role}" is not known`, 'use a role of roles.json')
  for (const [name, acts] of Object.entries(ACTS)) if (move[name as 'to' | 'people' | 'then'] !== undefined && !acts.includes(move.do)) say('move.attribute', `"${move.do}" of ${where} has "${name}", which only ${acts.join(', ')} read${acts.length > 1 ? '' : 's'}`, `remove ${name}`)
  if (move.do === 'return' && !move.to?.length) say('move.to', `"return" of ${where} does not say where to`, 'write to="<user task> …", to="initiator" or to="*"')
  for (const to of move.to ?? []) lintTarget(lint, move, el, to)
  if (el && move.do === 'withdraw') lintWithdraw(lint, move, el)
  if (el && move.to?.includes(el.id)) say('move.to', `${where} returns to itself`, 'name an earlier task')
}

function lintTarget({ process, found }: Lint, move: MoveDef, el: ElementInfo | null, to: string): void {
  if (to === '*' || (to === 'initiator' && move.do === 'return')) return
  const target = process.elements[to]
  if (!target) return found.error(move.line, 'move.to', `"${move.do}" leads to "${to}", which the process does not have`, 'use the id of an element')
  if (move.do === 'return' && target.type !== 'userTask') return found.error(move.line, 'move.to', `"return" leads to ${title(target)}, a ${target.type}: nobody would be given it back`, 'name a user task')
  if (!canBePutAt(process, target)) return found.error(move.line, 'move.to', `no token can be put at ${title(target)}, a ${target.type}`, 'name a task, an event that a flow leads to or a sub-process')
  if (el && el.scope === target.scope && beside(process, el.scope).get(el.id)?.has(target.id)) found.error(move.line, 'move.branch', `${title(target)} and ${title(el)} are in different branches that run side by side`, 'name a task of the same branch, or one before the split')
}

/** What has left the house by the time a person takes an outcome back. */
function lintWithdraw({ process, found }: Lint, move: MoveDef, el: ElementInfo): void {
  if (el.loop) found.error(move.line, 'move.withdraw', `${title(el)} runs several times: one vote cannot be taken back from the count`, 'remove it; who wrote the record may withdraw it before')
  const seen = new Set<string>()
  const visit = (id: string): string | null => {
    for (const next of nextOf(process, id)) {
      const at = process.elements[next]
      if (!at || seen.has(next) || at.type === 'userTask') continue
      seen.add(next)
      const leaves = at.type === 'serviceTask' || at.type === 'sendTask' || ((at.event === 'message' || at.event === 'signal') && at.type === 'intermediateThrowEvent') || at.effects.some(e => e.kind === 'make')
      const found = leaves ? title(at) : visit(next)
      if (found) return found
    }
    return null
  }
  const out = visit(el.id)
  if (out) found.warn(move.line, 'move.withdrawEffects', `who withdraws ${title(el)} does not undo ${out}, which lies before the next person`, 'allow it only where that does no harm, or undo it with a compensation')
}

/** A button is found by its id: it is one of its own among those of the task and the messages of the process. */
function lintIds({ process, elements, found }: Lint): void {
  const messages = new Set(elements.flatMap(e => (e.message !== undefined && e.label !== undefined ? [e.message] : [])))
  const general = (process.moves ?? []).flatMap(m => (m.do === 'suspend' ? [m.id, 'resume'] : [m.id]))
  const implied = (m: MoveDef): string[] => (m.do === 'claim' ? [m.id, 'release'] : m.do === 'delegate' && m.then === 'back' ? [m.id, 'give-back'] : [m.id])
  for (const el of [...elements, null]) {
    const moves = (el ? el.moves : process.moves) ?? []
    const taken = el ? [...el.outcomes.map(o => o.id), ...messages, ...general] : [...messages]
    const seen = new Set<string>()
    for (const m of moves) for (const id of implied(m)) {
      if (taken.includes(id) || seen.has(id)) found.error(m.line, 'move.id', `"${m.do}" of ${el ? title(el) : 'the process'} would be the second button called "${id}"`, `write id="…", e.g. id="${m.do}-task"`)
      seen.add(id)
    }
  }
}
