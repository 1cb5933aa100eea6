import { afterEach, beforeEach, expect, vi } from 'vitest'

// Noise fails: a test that expects an error message on the console says so with allowConsoleError().
let allowed = false
export const allowConsoleError = (): void => { allowed = true }

beforeEach(() => {
  allowed = false
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  const calls = vi.mocked(console.error).mock.calls
  if (!allowed) expect(calls, 'console.error was called').toEqual([])
  vi.restoreAllMocks()
})
