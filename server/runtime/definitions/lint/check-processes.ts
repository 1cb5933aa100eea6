import type { CompiledProcess, EffectDef, ElementInfo } from '../../process/core/types.ts'
import { entitiesOf } from '../entities.ts'
import { suggest } from '../load/nearest.ts'
import type { EntityDef, SourceRef } from '../model.ts'
import { checkMake, checkSet } from './check-effects.ts'
import { checkFields } from './check-form.ts'
import { checkMessage } from './check-texts.ts'
import type { LintContext, Place } from './context.ts'
import { inputsOf, processNames } from './names.ts'

const CHANNELS = ['portal', 'sms', 'email']

/** Effects carry the line of their element: they are reported there. */
const at = (file: string, line: number): Place => ({ artefact: `file:${file}`, pointer: `#${line}` })

const checkEffect = (ctx: LintContext, e: EntityDef, process: CompiledProcess, effect: EffectDef, place: Place): void => {
  const scope = { self: e.id, names: { ...processNames(e, process), input: inputsOf(ctx.programme, process) }, process: true }
  const values = Object.fromEntries(effect.values.map((v) => [v.name, v.expr]))
  const names = (text: string | undefined): string[] | undefined => text?.split(/[\s,]+/).filter((s) => s !== '')
  const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> => (value === undefined ? {} : { [key]: value } as Partial<Record<K, string>>)
  if (effect.kind === 'set') {
    checkSet(ctx, e, { id: effect.id, values, ...optional('entity', effect.entity), ...optional('where', effect.where), ...optional('rows', effect.rows), ...optional('draw', effect.draw), order: effect.order?.split(',').map((s) => s.trim()).filter((s) => s !== '') ?? [] }, place, scope)
    return
  }
  checkMake(ctx, {
    id: effect.id, into: effect.into ?? '', values, onExisting: 'skip', ...optional('from', effect.from), ...optional('link', effect.link), key: names(effect.key) ?? [], groupBy: names(effect.groupBy) ?? [],
    unless: Object.fromEntries(effect.unless.map((u) => [u.id, { if: u.if, reason: { zh: u.reason } }])),
  }, place, scope)
}

const checkElement = (ctx: LintContext, process: CompiledProcess, file: string, e: EntityDef, el: ElementInfo): void => {
  const where: SourceRef = el.origin ?? { file, line: el.line }
  const place = at(where.file, where.line)
  for (const role of [...(el.role ?? []), ...el.outcomes.flatMap((o) => o.role ?? [])]) if (role !== '*' && !Object.hasOwn(ctx.programme.roles, role)) ctx.report(where, 'role-unknown', `${el.id}: there is no role "${role}"`, suggest(role, Object.keys(ctx.programme.roles)))
  if (el.status !== undefined && e.properties.status?.states && !Object.hasOwn(e.properties.status.states, el.status)) ctx.report(where, 'status-unknown', `${el.id}: "${el.status}" is no state of ${e.id}`, suggest(el.status, Object.keys(e.properties.status.states)))
  const known = ctx.options.operations
  if (el.operation !== undefined && known && !Object.hasOwn(known, el.operation)) ctx.report(where, 'operation-unknown', `${el.id}: there is no operation "${el.operation}"`, suggest(el.operation, Object.keys(known)))
  const contract = el.operation === undefined ? undefined : known?.[el.operation]
  const inputs = contract?.input?.properties
  if (typeof inputs === 'object' && inputs !== null) {
    for (const i of el.inputs) if (!Object.hasOwn(inputs, i.name)) ctx.report(where, 'operation-input', `${el.id}: ${el.operation} takes no "${i.name}"`, suggest(i.name, Object.keys(inputs)))
    for (const name of Array.isArray(contract?.input?.required) ? contract.input.required : []) if (!el.inputs.some((i) => i.name === name)) ctx.report(where, 'operation-input', `${el.id}: ${el.operation} needs "${String(name)}"`, 'add <certflow:input>')
  }
  if (el.type === 'businessRuleTask' && el.rule !== undefined && !Object.hasOwn(ctx.programme.rules, el.rule)) ctx.report(where, 'rule-unknown', `${el.id}: there is no rule "${el.rule}"`, suggest(el.rule, Object.keys(ctx.programme.rules)))
  if (el.text !== undefined && !Object.hasOwn(ctx.programme.texts, el.text) && !Object.hasOwn(ctx.programme.templates, el.text)) ctx.report(where, 'text-unknown', `${el.id}: there is no text "${el.text}"`, suggest(el.text, Object.keys(ctx.programme.texts)))
  for (const channel of el.channel ?? []) if (!CHANNELS.includes(channel)) ctx.report(where, 'meta', `${el.id}: there is no channel "${channel}"`, suggest(channel, CHANNELS))
  const words = el.text === undefined ? undefined : ctx.programme.texts[el.text]
  // a text is shared: it is wrong where what it says is not there
  if (words) for (const text of [words, words.subject]) checkMessage(ctx, text, { ...place, self: e.id, names: { ...processNames(e, process), input: inputsOf(ctx.programme, process) } })
  for (const form of [el.form, ...el.outcomes.map((o) => o.form)]) {
    if (form === undefined) continue
    const [owner = '', name = ''] = form.split('/').slice(-2)
    const inputForms = ctx.entity(owner)?.inputForms ?? {}
    if (!Object.hasOwn(inputForms, name)) ctx.report(where, 'form-unknown', `${el.id}: there is no input form "${form}"`, `write forms/…/${owner}/${name}.input.json`)
  }
  checkFields(ctx, e, el.edit ?? [], place)
  if (el.calledElement !== undefined) {
    const target = ctx.programme.hooks[el.calledElement] || el.calledElement.split('/').at(-1) || ''
    if (!Object.hasOwn(ctx.programme.processes, target) && !Object.hasOwn(ctx.programme.hooks, el.calledElement)) ctx.report(where, 'process-unknown', `${el.id} calls "${el.calledElement}", which does not exist`, suggest(target, Object.keys(ctx.programme.processes)))
  }
  for (const effect of el.effects) checkEffect(ctx, e, process, effect, place)
}

const TIMES = new Set(['any', 'null', 'date', 'date-time', 'duration', 'list', 'string'])
const EFFECT_USES = new Set(['where', 'rows', 'from', 'order', 'value', 'unless'])

/** Roles, states, operations, texts, forms, fields and FEEL of every process that an entity has. */
export const checkProcesses = (ctx: LintContext): void => {
  for (const e of entitiesOf(ctx.programme)) {
    const source = e.form.process === undefined ? undefined : ctx.programme.processes[e.form.process]
    const process = source && ctx.options.process?.(ctx.programme, source.id)
    if (!source || !process) continue
    for (const el of Object.values(process.elements)) checkElement(ctx, process, source.file, e, el)
    for (const flow of Object.values(process.flows)) for (const effect of flow.effects) checkEffect(ctx, e, process, effect, flow.origin ? at(flow.origin.file, flow.origin.line) : at(source.file, flow.line))
    for (const use of process.expressions) {
      if (EFFECT_USES.has(use.use)) continue
      const el = process.elements[use.element]
      const outcomeForm = el?.outcomes.map((o) => o.form).find((f) => f !== undefined)
      const expression = ctx.feel(use.text, { ...at(source.file, use.line), self: e.id, names: { ...processNames(e, process), input: inputsOf(ctx.programme, process) }, ...(use.use === 'condition' && outcomeForm === undefined ? { expect: 'boolean' as const } : {}) })
      if (use.use === 'timer' && expression && !TIMES.has(expression.type.kind)) ctx.report({ file: source.file, line: use.line }, 'feel', `the timer of ${use.element} gives a ${expression.type.kind}, a time or duration is needed (in ${use.text})`, 'name a date-time property, or write duration("P7D")')
    }
  }
}
