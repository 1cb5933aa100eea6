import type { CompiledProcess, ElementInfo, MoveDef } from '../core/index.ts'

/** What a button does; the last three come with the move that they undo. */
export type Verb = MoveDef['do'] | 'release' | 'give-back' | 'resume'

export const moveOf = (el: { moves?: MoveDef[] } | undefined, verb: MoveDef['do']): MoveDef | undefined => el?.moves?.find((m) => m.do === verb)
export const isClaimable = (el: ElementInfo): boolean => moveOf(el, 'claim') !== undefined
/** Roles of those who may be asked to sign. */
export const rolesAsked = (el: ElementInfo): string[] => [...new Set((el.moves ?? []).filter((m) => m.do === 'sign-before' || m.do === 'sign-after').flatMap((m) => m.people ?? el.role ?? []))]

const needs = new WeakMap<CompiledProcess, boolean>()
/** Whether who did what so far decides about what is offered. */
export function looksBack(process: CompiledProcess): boolean {
  let known = needs.get(process)
  if (known === undefined) {
    known = Object.values(process.elements).some((e) => e.notBy !== undefined || e.moves?.some((m) => m.do === 'return' || m.do === 'withdraw'))
    needs.set(process, known)
  }
  return known
}

/** Whether a dialog asks whom or where to. */
export const asksChoice = (offer: { verb?: Verb; choices?: unknown[] }): boolean =>
  offer.verb === 'delegate' || offer.verb === 'sign-before' || offer.verb === 'sign-after' || (offer.choices?.length ?? 0) > 1

const LABELS: Record<Verb, [string, string]> = {
  'claim': ['认领', 'Claim'], 'release': ['放回', 'Put back'], 'delegate': ['转办', 'Delegate'], 'give-back': ['交回', 'Give back'], 'sign-before': ['前加签', 'Ask to sign first'], 'sign-after': ['后加签', 'Ask to sign after'],
  'return': ['退回', 'Return'], 'withdraw': ['撤回', 'Withdraw'], 'jump': ['跳转', 'Jump'], 'suspend': ['暂停流程', 'Suspend'], 'resume': ['恢复流程', 'Resume'],
}
const SIGNATURES: Record<string, [string, string]> = { agree: ['同意', 'agreed'], disagree: ['不同意', 'disagreed'] }
/** What a signature of somebody asked says; undefined when it is none. */
export const signLabel = (outcome: string, lang: string): string | undefined => SIGNATURES[outcome]?.[lang === 'en' ? 1 : 0]

export const labelOfMove = (verb: Verb, lang: string, move?: MoveDef): string => {
  if (move?.label !== undefined && move.do === verb) return move.label
  if (verb === 'delegate' && move?.then === 'back') return lang === 'en' ? 'Ask for advice' : '委派'
  return LABELS[verb][lang === 'en' ? 1 : 0]
}
