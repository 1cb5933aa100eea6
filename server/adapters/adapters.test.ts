import { expect, it } from 'vitest'
import type { Db } from '#server/data/index.ts'
import { virtualClock } from '#server/platform/clock.ts'
import { isAppError } from '#server/platform/errors.ts'
import { createAdapters } from './index.ts'

const db = null as unknown as Db
const problemsOf = (settings: Record<string, unknown>): string => {
  try { createAdapters(settings, virtualClock(0), db); return '' } catch (error) { if (isAppError(error, 'CONFIG_INVALID')) return String(error.params['problems']); throw error }
}

it('every outside system has an embedded default', () => {
  expect(Object.keys(createAdapters({}, virtualClock(0), db)).sort()).toEqual(['identity', 'ledger', 'mail', 'seal', 'sms'])
})
it('settings that cannot work are told all at once', () => {
  const problems = problemsOf({ identity: { url: 'http://register.example/check', appId: 'a', secret: 'short' }, mail: { url: 'http://mail.example', from: 'nobody' }, fax: {} })
  expect(problems).toContain('adapters.identity.url: must be https://… (http://… only for a service on this machine)')
  expect(problems).toContain('adapters.identity.secret: must have at least 16 characters')
  expect(problems).toContain('adapters.mail.url: must be smtp://… or smtps://…')
  expect(problems).toContain('adapters.mail.from: must be one mail address')
  expect(problems).toContain('fax')
})
it('a service on this machine may speak plain HTTP', () => {
  expect(problemsOf({ identity: { url: 'http://127.0.0.1:8080/check', appId: 'a', secret: 'sixteen letters!' } })).toBe('')
})
