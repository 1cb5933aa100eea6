import { ATTRIBUTES, EXTENSIONS } from './vocabulary.ts'

/** What the words of other tools are called here: certflow attributes, and elements of extensionElements. */
const HERE: Record<string, string> = {
  assignee: 'assignee', candidateGroups: 'role', candidateUsers: 'role', assignmentDefinition: 'role',
  formKey: 'form', formRef: 'form', formDefinition: 'form', formData: 'form', formProperty: 'form',
  dueDate: 'due', taskSchedule: 'due', priority: 'due',
  topic: 'operation', type: 'operation', class: 'operation', expression: 'operation', delegateExpression: 'operation', taskDefinition: 'operation', connector: 'operation',
  decisionRef: 'rule', calledDecision: 'rule', ruleFlowGroup: 'rule',
  collection: 'each', loopCharacteristics: 'each',
}
const ELEMENTS: Record<string, string[]> = { inputOutput: ['input', 'output'], ioMapping: ['input', 'output'], in: ['input'], out: ['output'], field: ['input'] }

/** How to say on `<owner>` what another tool's attribute or element `name` says. */
export function saidHere(name: string, owner: string): string {
  const attribute = HERE[name]
  if (attribute !== undefined && ATTRIBUTES[owner]?.includes(attribute)) return `write certflow:${attribute}="…" for what it says, then remove it`
  const elements = (ELEMENTS[name] ?? []).filter(e => EXTENSIONS[owner]?.includes(e))
  if (elements.length > 0) return `write ${elements.map(e => `<certflow:${e}>`).join(' and ')} for what it says, then remove it`
  return 'leave it for that tool, or remove it'
}
