import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compileProcess } from './compile.ts'
import { lintProcess } from './lint/index.ts'
import { parseBpmn } from './parse.ts'

const files = ['exam-plan', 'pilot-application'].map(n => readFileSync(`tests/fixtures/processes/${n}.bpmn`, 'utf8'))
const WORDS = ['userTask', 'subProcess', 'boundaryEvent', 'startEvent', 'endEvent', 'sequenceFlow', 'exclusiveGateway', 'parallelGateway', 'eventBasedGateway', 'serviceTask', 'inclusiveGateway', 'complexGateway', 'escalationEventDefinition', 'linkEventDefinition', 'signalEventDefinition', 'callActivity',
  'messageEventDefinition', 'timerEventDefinition', 'errorEventDefinition', 'seat', 'city', 'draft', 'first', 'chain', 'sourceRef', 'targetRef', 'attachedToRef', 'certflow:role', 'certflow:outcome', 'certflow:set', 'id', '']

/** Replaces the n-th word of a file (both tags of a pair stay as they fall). */
const swap = (text: string, at: number, word: string, both: boolean): string => {
  const words = [...text.matchAll(/[\w:]+/g)]
  const hit = words[at % words.length]
  if (!hit) return text
  return both ? text.replaceAll(new RegExp(`\\b${hit[0]}\\b`, 'g'), word) : text.slice(0, hit.index) + word + text.slice(hit.index + hit[0].length)
}
const dropLine = (text: string, at: number): string => { const lines = text.split('\n'); lines.splice(at % lines.length, 1); return lines.join('\n') }

it('answers every spoilt file with findings on lines of that file, never with an exception', async () => {
  const edit = fc.oneof(
    fc.record({ at: fc.nat(2000), word: fc.constantFrom(...WORDS), both: fc.boolean() }),
    fc.record({ line: fc.nat(200) }))
  await fc.assert(fc.asyncProperty(fc.constantFrom(...files), fc.array(edit, { minLength: 1, maxLength: 3 }), async (file, edits) => {
    const text = edits.reduce((t, e) => ('line' in e ? dropLine(t, e.line) : swap(t, e.at, e.word, e.both)), file)
    const { process, findings } = await parseBpmn(text, 'f.bpmn')
    const all = process ? [...findings, ...lintProcess(compileProcess(process))] : findings
    if (!process) expect(findings.length).toBeGreaterThan(0)
    for (const f of all) {
      expect(f.line).toBeGreaterThan(0)
      expect(f.line).toBeLessThanOrEqual(text.split('\n').length)
      if (f.code !== 'bpmn.xml') expect(f.message).not.toMatch(/undefined|\[object/)
      expect(f.fix).not.toBe('')
    }
  }), { numRuns: 300 })
})
