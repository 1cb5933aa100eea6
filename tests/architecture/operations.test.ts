import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '#server/operations/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const filesBelow = (dir: string, end: string): string[] => readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith(end)).map((f) => join(dir, f))
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** server/operations/<family>/<verb>.ts */
const inFolder = filesBelow('server/operations', '.ts').map((f) => f.replace('server/operations/', '')).filter((f) => /^[^/]+\/[^/]+\.ts$/.test(f) && !f.endsWith('.test.ts') && !f.endsWith('.types.ts')).map((f) => f.replace(/\.ts$/, ''))

function namedIn(): Map<string, string[]> {
  const out = new Map<string, string[]>()
  const note = (id: string, file: string): void => { out.set(id, [...(out.get(id) ?? []), file]) }
  for (const file of filesBelow('workflows', '.bpmn')) for (const m of read(file).matchAll(/certflow:operation="([^"]+)"/g)) note(m[1]!, file)
  for (const dir of ['forms', 'seeds']) for (const file of filesBelow(dir, '.json')) for (const m of read(file).matchAll(/"operation"\s*:\s*"([^"]+)"/g)) note(m[1]!, file)
  return out
}

describe('operations', () => {
  it('every file of the folder is in the list, under the name of its place', () => {
    expect(OPERATIONS.map((o) => o.contract.id).sort()).toEqual([...inFolder].sort())
  })

  it('every operation that a workflow or form names exists', () => {
    const known = new Set(OPERATIONS.map((o) => o.contract.id))
    expect([...namedIn()].filter(([id]) => !known.has(id))).toEqual([])
  })

  it('every operation is named by a workflow or form', () => {
    const named = namedIn()
    expect(OPERATIONS.map((o) => o.contract.id).filter((id) => !named.has(id))).toEqual([])
  })

  it('inputs that a diagram maps are inputs of the contract, and it maps all that are required', () => {
    const wrong: string[] = []
    for (const file of filesBelow('workflows', '.bpmn'))
      for (const task of read(file).matchAll(/<bpmn:serviceTask id="([^"]+)"[^>]*certflow:operation="([^"]+)"[^>]*>([\s\S]*?)<\/bpmn:serviceTask>/g)) {
        const contract = OPERATIONS.find((o) => o.contract.id === task[2])?.contract
        if (!contract) continue
        const mapped = [...task[3]!.matchAll(/<certflow:input name="([^"]+)"/g)].map((m) => m[1]!)
        const input = contract.input as { properties: Record<string, unknown>; required?: string[] }
        for (const name of mapped) if (!(name in input.properties)) wrong.push(`${file}: ${task[1]} maps ${name}, which ${contract.id} does not take`)
        for (const name of input.required ?? []) if (!mapped.includes(name)) wrong.push(`${file}: ${task[1]} does not map ${name}, which ${contract.id} needs`)
        const output = (contract.output as { properties: Record<string, unknown> }).properties
        for (const m of task[3]!.matchAll(/\boutput\.(\w+)/g)) if (!(m[1]! in output)) wrong.push(`${file}: ${task[1]} reads output.${m[1]}, which ${contract.id} does not give`)
      }
    expect(wrong).toEqual([])
  })

  it.each(OPERATIONS.map((o) => [o.contract.id, o.contract] as const))('%s has a contract that can be checked', (_id, contract) => {
    const ajv = new Ajv({ strict: false })
    expect(() => { ajv.compile(contract.input); ajv.compile(contract.output) }).not.toThrow()
    expect(contract.title.zh).not.toBe('')
    expect(contract.timeout).toBeGreaterThan(0)
    // what cannot be repeated must not be repeated by itself
    if (contract.idempotent === 'no') expect(contract.retries).toBe(0)
  })
})
