import { createServer, type AddressInfo, type Socket } from 'node:net'
import { TLSSocket, type SecureContext } from 'node:tls'

export interface Mail { from: string; to: string[]; data: string; user: string | null; tls: boolean }
export interface SmtpOptions { user?: string; password?: string; starttls?: SecureContext; /** replies by command word, e.g. { RCPT: '550 no such user' } */ replies?: Record<string, string>; /** says this together with its answer to STARTTLS, in the clear */ injected?: string }

/** A mail server that speaks enough of RFC 5321 to be strict: order of commands, AUTH before MAIL, dot-stuffing. */
export async function smtpServer(options: SmtpOptions = {}): Promise<{ port: number; mails: Mail[]; commands: string[]; close(): Promise<void> }> {
  const mails: Mail[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => { sockets.add(socket); socket.on('close', () => sockets.delete(socket)); socket.on('error', () => undefined); socket.write('220 test ESMTP\r\n'); talk(socket, false) })
  const talk = (socket: Socket, tls: boolean): void => {
    let buffer = ''
    let user: string | null = null
    let mail: Mail | null = null
    let inData = false
    const say = (text: string): void => { socket.write(`${text}\r\n`) }
    socket.on('data', (part: Buffer) => {
      buffer += part.toString('utf8')
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + 2)
        if (inData) {
          if (line === '.') { inData = false; const told = options.replies?.['message']; if (!told) mails.push(mail!); say(told ?? '250 kept'); mail = null } else mail!.data += `${line.startsWith('.') ? line.slice(1) : line}\r\n`
          continue
        }
        commands.push(line.startsWith('AUTH') ? 'AUTH PLAIN …' : line)
        const word = line.split(' ')[0]!.toUpperCase()
        const told = options.replies?.[word]
        if (told) { say(told); continue }
        if (word === 'EHLO') {
          socket.write('250-test greets you\r\n')
          if (options.starttls && !tls) socket.write('250-STARTTLS\r\n')
          if (options.user) socket.write('250-AUTH PLAIN\r\n')
          say('250 8BITMIME')
        } else if (word === 'STARTTLS' && options.starttls) {
          socket.removeAllListeners('data')
          socket.write(`220 go ahead\r\n${options.injected ?? ''}`)
          const secure = new TLSSocket(socket, { isServer: true, secureContext: options.starttls })
          secure.on('error', () => undefined)
          talk(secure, true)
          return
        } else if (word === 'AUTH') {
          const [, name, password] = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString('utf8').split('\0')
          if (name === options.user && password === options.password) { user = name!; say('235 welcome') } else say('535 wrong')
        } else if (word === 'MAIL') {
          if (options.user && !user) { say('530 authentication required'); continue }
          mail = { from: /<(.*)>/.exec(line)?.[1] ?? '', to: [], data: '', user, tls }
          say('250 ok')
        } else if (word === 'RCPT' && mail) { mail.to.push(/<(.*)>/.exec(line)?.[1] ?? ''); say('250 ok') }
        else if (word === 'DATA' && mail?.to.length) { inData = true; say('354 go on') }
        else say('503 out of order')
      }
    })
  }
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  return { port: (server.address() as AddressInfo).port, mails, commands, close: () => new Promise((done) => { for (const s of sockets) s.destroy(); server.close(() => done()) }) }
}
