import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '#server/operations/index.ts'
import { catalogue } from '#server/platform/errors.ts'
import { COMMANDS } from '#server/cli/commands/index.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const names = (path: string): string[] => readdirSync(join(ROOT, path))

/** `server/operations/<family>/<verb>.ts`: what has a contract is an operation. */
const operationFiles = readdirSync(join(ROOT, 'server/operations'), { withFileTypes: true }).filter((e) => e.isDirectory() && e.name !== 'shared')
  .flatMap((family) => names(`server/operations/${family.name}`).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'))
    .filter((f) => /\bcontract\b/.test(read(`server/operations/${family.name}/${f}`)))
    .map((f) => `${family.name}/${f.replace(/\.ts$/, '')}`))

describe('what is listed and what is there', () => {
  it('agree for operations', () => {
    expect(OPERATIONS.map((o) => o.contract.id).sort()).toEqual(operationFiles.sort())
  })
  it('agree for commands: every file of the folder adds its commands', () => {
    expect(COMMANDS.length).toBe(names('server/cli/commands').filter((f) => f !== 'index.ts' && !f.endsWith('.test.ts')).length)
  })
  it('agree for error codes: each is explained with what to do about it', () => {
    const documented = [...read('docs/operations/errors.md').matchAll(/^\| `([A-Z_]+)`/gm)].map((m) => m[1])
    expect(documented.sort()).toEqual(Object.keys(catalogue).sort())
  })
  it('agree for settings: each variable of the configuration is described', () => {
    const known = [...read('server/platform/config.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map((m) => m[1])
    const documented = [...read('docs/operations/configuration.md').matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map((m) => m[1])
    expect(documented.sort()).toEqual(known.sort())
  })
})
