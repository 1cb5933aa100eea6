import { createSecureContext } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { createMail } from '#server/adapters/mail/index.ts'
import { virtualClock } from '#server/platform/clock.ts'
import { selfSigned } from '../../support/adapters/self-signed.ts'
import { smtpServer, type SmtpOptions } from '../../support/adapters/smtp-server.ts'
import { MONDAY } from '../support/runtime.ts'

let server: Awaited<ReturnType<typeof smtpServer>>
afterEach(() => server.close())
const mail = async (options: SmtpOptions, login = '', more: { ca?: string; timeoutMs?: number } = {}) => {
  server = await smtpServer(options)
  return createMail({ url: `smtp://${login}127.0.0.1:${server.port}`, from: 'noreply@certflow.example', timeoutMs: 2000, ...more }, virtualClock(MONDAY))
}
const letter = { key: 'notification/1', to: 'wang@school.example', subject: '考试计划已发布：数字营销技术应用（中级）2026年第一次考试安排通知', text: '请查看。\n.\n.点开头的一行\n完' }

it('delivers a letter with Chinese subject and body after signing in over TLS', async () => {
  const { key, cert } = selfSigned()
  const port = await mail({ user: 'certflow', password: 'pass:word', starttls: createSecureContext({ key, cert }) }, 'certflow:pass%3Aword@', { ca: cert })

  expect(await port.send(letter)).toEqual({ ok: true, sent: true })

  const [got] = server.mails
  expect(got).toMatchObject({ from: 'noreply@certflow.example', to: ['wang@school.example'], user: 'certflow', tls: true })
  const [head, body] = got!.data.split('\r\n\r\n') as [string, string]
  const subject = [...head.replace(/\r\n /g, ' ').matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g)].map((m) => Buffer.from(m[1]!, 'base64').toString('utf8')).join('')
  expect(subject).toBe(letter.subject)
  expect(head).toContain('Date: Mon, 02 Mar 2026 01:00:00 +0000')
  expect(Buffer.from(body, 'base64').toString('utf8')).toBe('请查看。\r\n.\r\n.点开头的一行\r\n完')
  expect(Math.max(...got!.data.split('\r\n').map((l) => l.length))).toBeLessThanOrEqual(78)
})

it('gives one message one identity, so a repeat is recognised', async () => {
  const port = await mail({})
  await port.send(letter)
  await port.send(letter)
  await port.send({ ...letter, key: 'notification/2' })
  const ids = server.mails.map((m) => /Message-ID: (.*)/.exec(m.data)?.[1])
  expect(ids[0]).toBe(ids[1])
  expect(ids[2]).not.toBe(ids[0])
})

it('does not trust a certificate nobody vouches for', async () => {
  const { key, cert } = selfSigned()
  const port = await mail({ starttls: createSecureContext({ key, cert }) })
  expect(await port.send(letter)).toMatchObject({ ok: false, code: 'UNREACHABLE', retry: true })
  expect(server.mails).toEqual([])
})

it('refuses a server that slips in answers before TLS is there', async () => {
  const { key, cert } = selfSigned()
  const port = await mail({ starttls: createSecureContext({ key, cert }), injected: '250 welcome\r\n' }, '', { ca: cert })
  expect(await port.send(letter)).toMatchObject({ ok: false, retry: true })
  expect(server.mails).toEqual([])
})

it.each([
  ['a mailbox that is full', { RCPT: '452 mailbox full' }, 'SMTP_452', true],
  ['a mailbox that does not exist', { RCPT: '550 no such user' }, 'SMTP_550', false],
  ['a server that is busy', { MAIL: '421 try later' }, 'SMTP_421', true],
  ['a message that is not taken', { message: '554 rejected' }, 'SMTP_554', false],
])('tells %s apart', async (_what, replies, code, retry) => {
  const port = await mail({ replies })
  expect(await port.send(letter)).toMatchObject({ ok: false, code, retry })
})

it('says when the password is wrong, and never sends it again by itself', async () => {
  const port = await mail({ user: 'certflow', password: 'right' }, 'certflow:wrong@')
  expect(await port.send(letter)).toMatchObject({ ok: false, code: 'SMTP_535', retry: false })
  expect(server.commands.filter((c) => c.startsWith('AUTH'))).toHaveLength(1)
})

it.each(['nobody', 'a@b', 'a@b.example>\r\nRCPT TO:<c@d.example', 'a b@c.example'])('sends nothing to %j', async (to) => {
  const port = await mail({})
  expect(await port.send({ ...letter, to })).toMatchObject({ ok: false, code: 'ADDRESS_INVALID', retry: false })
  expect(server.commands).toEqual([])
})

it('keeps a header from being smuggled in by a subject', async () => {
  const port = await mail({})
  await port.send({ ...letter, subject: 'hello\r\nBcc: all@school.example' })
  expect(server.mails[0]!.data).not.toMatch(/^Bcc:/m)
})

it('keeps letters in the outbox when no server is configured', async () => {
  server = await smtpServer()
  expect(await createMail({}, virtualClock(MONDAY)).send(letter)).toEqual({ ok: true, sent: false })
})
