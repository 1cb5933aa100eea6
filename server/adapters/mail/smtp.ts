import { hostname } from 'node:os'
import type { Clock } from '#server/platform/clock.ts'
import type { Failure } from '../outcome.ts'
import { dotStuffed, isMailbox, messageOf } from './message.ts'
import type { MailPort } from './port.ts'
import { SmtpConnection, SmtpRefusal } from './smtp-connection.ts'

export interface SmtpSettings { /** smtp://user:password@host:587 (STARTTLS) or smtps://…:465 */ url: string; from: string; timeoutMs?: number; ca?: string }
const LOCAL = new Set(['localhost', '127.0.0.1', '::1'])
const final = (code: string, message: string): Failure => ({ ok: false, code, message, retry: false })

/** One letter, one connection: EHLO, STARTTLS where there is, AUTH PLAIN (never in the clear), MAIL, RCPT, DATA. */
export function smtpMail(settings: SmtpSettings, clock: Clock): MailPort {
  const url = new URL(settings.url)
  const tls = url.protocol === 'smtps:'
  const host = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (tls ? 465 : 587)), tls, timeoutMs: settings.timeoutMs ?? 15_000, ...(settings.ca ? { ca: settings.ca } : {}) }
  const login = url.username ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } : null
  return {
    async send(letter) {
      if (!isMailbox(letter.to)) return final('ADDRESS_INVALID', '邮箱地址不正确，请更正后重试')
      let connection: SmtpConnection | undefined
      try {
        connection = await SmtpConnection.open(host)
        await connection.ask('greeting', null, 2)
        const safe = await greet(connection, tls, LOCAL.has(host.host))
        if (login) {
          if (!safe) return final('TLS_MISSING', '邮件服务器没有提供加密连接，为保护密码已停止发送，请改用 smtps 或启用 STARTTLS')
          await connection.ask('AUTH', `AUTH PLAIN ${Buffer.from(`\0${login.user}\0${login.password}`).toString('base64')}`, 2)
        }
        await connection.ask('MAIL', `MAIL FROM:<${settings.from}>`, 2)
        await connection.ask('RCPT', `RCPT TO:<${letter.to}>`, 2)
        await connection.ask('DATA', 'DATA', 3)
        await connection.ask('message', `${dotStuffed(messageOf(letter, settings.from, clock.now()))}\r\n.`, 2)
        return { ok: true, sent: true }
      } catch (error) {
        return failureOf(error)
      } finally {
        connection?.close()
      }
    },
  }
}

/** Greets, takes TLS when it is offered and greets again. Answers whether a password may be said. */
async function greet(connection: SmtpConnection, tls: boolean, local: boolean): Promise<boolean> {
  const name = hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'localhost'
  const hello = await connection.ask('EHLO', `EHLO ${name}`, 2)
  if (tls) return true
  if (!hello.lines.some((l) => /^STARTTLS\b/i.test(l))) return local
  await connection.ask('STARTTLS', 'STARTTLS', 2)
  await connection.upgrade()
  await connection.ask('EHLO', `EHLO ${name}`, 2)
  return true
}

function failureOf(error: unknown): Failure {
  if (error instanceof SmtpRefusal) {
    const retry = error.reply.code >= 400 && error.reply.code < 500
    return { ok: false, code: `SMTP_${error.reply.code}`, message: `邮件服务器拒绝了${error.step}（${error.reply.code}）${retry ? '，请稍后重试' : '，请检查邮件配置或收件地址'}`, retry }
  }
  return { ok: false, code: 'UNREACHABLE', message: `邮件服务器连接失败（${error instanceof Error ? error.message : String(error)}），请稍后重试`, retry: true }
}
