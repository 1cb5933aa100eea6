import { describe, expect, it } from 'vitest'
import { build, type ElementSpec, type FlowSpec } from '#tests/support/process/build.ts'
import type { MoveDef } from '../../core/types.ts'
import { lintProcess } from './index.ts'

const move = (kind: MoveDef['do'], more: Partial<MoveDef> = {}): MoveDef => ({ do: kind, id: kind, comment: 'optional', line: 7, ...more })
const task = (moves: MoveDef[] = [], more: Partial<ElementSpec> = {}): ElementSpec => ({ type: 'userTask', role: ['r'], outcomes: ['ok'], ...(moves.length > 0 ? { moves } : {}), ...more })
const start: ElementSpec = { type: 'startEvent' }
const end: ElementSpec = { type: 'endEvent' }
const codes = (elements: Record<string, ElementSpec>, flows: FlowSpec[], moves?: MoveDef[]): string[] =>
  lintProcess({ ...build(elements, flows), ...(moves ? { moves } : {}) }, { roles: new Set(['r']) }).filter(f => f.code !== 'diagram.missing').map(f => `${f.level} ${f.code}: ${f.message}`)
const two = (a: ElementSpec, b: ElementSpec, general?: MoveDef[]): string[] => codes({ s: start, a, b, e: end }, ['f0: s -> a', 'f1: a -> b', 'f2: b -> e'], general)

describe('moves', () => {
  it('are fine where they have a meaning', () => {
    expect(two(task([move('withdraw')]), task([move('claim'), move('delegate', { then: 'back', people: ['r'] }), move('return', { to: ['a', 'initiator'] }), move('sign-before'), move('sign-after')]), [move('jump', { role: ['r'], to: ['*'] }), move('suspend', { role: ['r'] })])).toEqual([])
  })
  it('belong to a task or to the process', () => {
    expect(two(task([move('suspend')]), task(), [move('claim', { role: ['r'] })])).toEqual(['error move.place: "suspend" on a: it concerns the whole instance', 'error move.place: "claim" on the process: it concerns one task'])
  })
  it('of administrators say whose they are', () => {
    expect(two(task(), task(), [move('jump')])).toEqual(['error move.role: "jump" names no role: nobody may do it'])
  })
  it('lead to tasks that are there, of the same branch, and not to themselves', () => {
    expect(two(task(), task([move('return')]))).toEqual(['error move.to: "return" of b does not say where to'])
    expect(two(task(), task([move('return', { to: ['x', 's', 'b'] })]))).toEqual([
      'error move.to: "return" leads to "x", which the process does not have', 'error move.to: "return" leads to s, a startEvent: nobody would be given it back', 'error move.to: b returns to itself',
    ])
    expect(codes({ s: start, p: { type: 'parallelGateway' }, a: task(), b: task([move('return', { to: ['a'] })]), j: { type: 'parallelGateway' }, e: end }, ['f0: s -> p', 'f1: p -> a', 'f2: p -> b', 'f3: a -> j', 'f4: b -> j', 'f5: j -> e'])).toEqual([
      'error move.branch: a and b are in different branches that run side by side',
    ])
  })
  it('have no attribute that they do not read', () => {
    expect(two(task(), task([move('claim', { people: ['r'] })]))).toEqual(['error move.attribute: "claim" of b has "people", which only delegate, sign-before, sign-after read'])
  })
  it('are told apart from outcomes by their ids', () => {
    expect(two(task(), task([move('return', { to: ['a'] })], { outcomes: ['ok', 'return'] }))).toContain('error move.id: "return" of b would be the second button called "return"')
    expect(two(task(), task([move('claim')], { outcomes: ['release'] }))).toEqual(['error move.id: "claim" of b would be the second button called "release"'])
  })
  it('that take an outcome back undo nothing that has left the house, and no vote', () => {
    const tell: ElementSpec = { type: 'sendTask', to: 'x', channel: ['sms'], text: 't' }
    expect(codes({ s: start, a: task([move('withdraw')]), tell, b: task(), e: end }, ['f0: s -> a', 'f1: a -> tell', 'f2: tell -> b', 'f3: b -> e'])).toEqual(['warning move.withdrawEffects: who withdraws a does not undo tell, which lies before the next person'])
    expect(two(task([move('withdraw')], { loop: { how: 'parallel', count: '2', line: 1 } }), task())).toEqual(['error move.withdraw: a runs several times: one vote cannot be taken back from the count'])
  })
})

describe('separation of duties', () => {
  it('names another user task that can come before', () => {
    expect(two(task(), task([], { notBy: ['a', 'initiator'] }))).toEqual([])
    expect(two(task([], { notBy: ['b'] }), task())).toEqual(['warning duty.order: b never comes before a, so notBy keeps nobody out'])
    expect(two(task([], { notBy: ['s'] }), task([], { notBy: ['b'] }))).toEqual(['error duty.element: notBy of a names "s", which is no user task of the process', 'error duty.element: notBy of b names itself'])
  })
  it('does not leave a task without anybody who may take it', () => {
    expect(two(task([], { assignee: 'owner' }), task([], { assignee: 'owner', notBy: ['a'] }))).toEqual(['error duty.never: b is for "owner" alone, who may not take it: notBy names a, which is for the same person'])
  })
})
