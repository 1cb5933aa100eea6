import { execFile } from 'node:child_process'
import { getPriority } from 'node:os'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { BACKGROUND } from './thread-priority.ts'

const run = promisify(execFile)

describe.runIf(process.platform === 'linux')('the priority of a background thread', () => {
  it('is lower for that thread alone; the others of the process keep theirs', async () => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx/esm', '--input-type=module', '--eval', `
      import { readlinkSync, readdirSync } from 'node:fs'
      import { basename } from 'node:path'
      import { getPriority } from 'node:os'
      import { workInBackground } from './server/platform/thread-priority.ts'
      import { createLog } from './server/platform/log.ts'
      workInBackground(createLog({ level: 'info', name: 'test' }))
      const own = Number(basename(readlinkSync('/proc/thread-self')))
      console.log(JSON.stringify({ own: getPriority(own), others: readdirSync('/proc/self/task').map(Number).filter((t) => t !== own).map((t) => getPriority(t)) }))
    `], { cwd: new URL('../..', import.meta.url) })
    const { own, others } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { own: number; others: number[] }
    expect(own).toBe(BACKGROUND)
    expect(others.length).toBeGreaterThan(0)
    expect(new Set(others)).toEqual(new Set([getPriority()]))
  })
})
