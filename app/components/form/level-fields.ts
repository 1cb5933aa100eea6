import type { UiSchema } from '@rjsf/utils'
import type { JsonObject, Problem } from '#app/gateway/contracts.server.ts'

/** Fields that one chooser fills together, first to last: the first shows it, the others are hidden. */
export const levelsOf = (options: unknown): string[] => {
  const levels = (options as JsonObject | undefined)?.levels
  return Array.isArray(levels) ? levels.filter((name): name is string => typeof name === 'string') : []
}

/** Hides the fields that another one's chooser fills. */
export const hideLevels = (ui: UiSchema): UiSchema => {
  const hidden: UiSchema = {}
  for (const node of Object.values(ui)) for (const name of levelsOf((node as UiSchema | undefined)?.['ui:options']).slice(1)) hidden[name] = { ...(ui[name] as UiSchema | undefined), 'ui:widget': 'hidden' }
  return { ...ui, ...hidden }
}

/** Problems of hidden fields stand at the field that shows their chooser, one for all. */
export const atChooser = (problems: Problem[], ui: UiSchema): Problem[] => {
  const chooser = new Map<string, string>()
  for (const [name, node] of Object.entries(ui)) for (const level of levelsOf((node as UiSchema | undefined)?.['ui:options'])) chooser.set(level, name)
  const moved = problems.map((problem) => (problem.path && chooser.has(problem.path) ? { ...problem, path: chooser.get(problem.path)! } : problem))
  return moved.filter((problem, index) => !problem.path || ![...chooser.values()].includes(problem.path) || moved.findIndex((other) => other.path === problem.path) === index)
}
