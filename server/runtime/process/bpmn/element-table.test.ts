import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { elementTable, readElementDocs, withElementTable } from './element-table.ts'
import { EVENTS, INSTEAD, NODES } from './vocabulary.ts'

const page = await readFile('docs/definition-language/workflows.md', 'utf8')

describe('the table of elements', () => {
  it('stands in the documentation as the folder of elements makes it', async () => {
    expect(page, 'run: node scripts/write-element-table.mjs').toBe(withElementTable(page, elementTable(await readElementDocs())))
  })
  it('tells of every element and every event that lint accepts, and of nothing else', async () => {
    const docs = await readElementDocs()
    const told = docs.flatMap(d => (d.events ?? ['']).map(e => `${d.tag} ${e}`)).sort()
    const accepted = [...NODES, 'eventStart'].flatMap(tag => (EVENTS[tag] ?? ['']).map(e => `${tag} ${e}`)).sort()

    expect(told).toEqual(accepted)
    for (const d of docs) for (const text of [d.en, d.zh, d.name, d.names]) expect(text, d.tag).not.toBe('')
  })
  it('leaves to the list below it what is refused', () => {
    const refused = /Not supported yet \(lint refuses\):[^.]*\./.exec(page)?.[0] ?? ''

    for (const word of ['complex gateways', 'script tasks', 'transactions', 'ad-hoc sub-processes', 'parallel event-based gateways']) expect(refused).toContain(word)
    for (const word of ['inclusive', 'link events,', 'escalation,', 'signal', 'conditional']) expect(refused).not.toContain(word)
    for (const tag of Object.keys(INSTEAD)) expect(NODES.has(tag)).toBe(false)
  })
  it('says what to do when a page has lost its place', () => {
    expect(() => withElementTable('# Workflows', '| a |')).toThrow('<!-- elements')
  })
})
