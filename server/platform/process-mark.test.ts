import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { hasEnded, processMark } from './process-mark.ts'

const other = (pid: number): string => processMark().replace(/\d+$/, String(pid))

it('tells that a process of this machine has ended, and never says so of one that runs or of another machine', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const mark = other(child.pid!)
  expect(hasEnded(mark)).toBe(false)
  const ended = new Promise((done) => { child.once('exit', done) })
  child.kill('SIGKILL')
  await ended

  expect(hasEnded(mark)).toBe(true)
  expect(hasEnded(processMark())).toBe(false)
  expect(hasEnded(`elsewhere${mark}`)).toBe(false)
  expect(hasEnded(mark.replace(/_\d+_/, '_1_'))).toBe(false)
  expect(hasEnded('')).toBe(false)
})
