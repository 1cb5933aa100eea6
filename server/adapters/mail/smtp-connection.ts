import { connect as plain, type Socket } from 'node:net'
import { connect as secure } from 'node:tls'

export interface Reply { code: number; lines: string[] }
/** An answer that ends the delivery: 4xx may be tried again later, 5xx may not (RFC 5321, 4.2.1). */
export class SmtpRefusal extends Error {
  constructor(readonly step: string, readonly reply: Reply) { super(`${step} was answered ${reply.code} ${reply.lines.join(' / ').slice(0, 200)}`) }
}
export interface SmtpHost { host: string; port: number; tls: boolean; timeoutMs: number; /** PEM of an authority that is trusted beside the system's */ ca?: string }

/** Lines in, replies out, one command at a time. */
export class SmtpConnection {
  private buffer = ''
  private readonly replies: Reply[] = []
  private lines: string[] = []
  private waiting: { resolve: (r: Reply) => void; reject: (e: Error) => void } | undefined
  private broken: Error | undefined
  private constructor(private socket: Socket, private readonly options: SmtpHost) { this.listen() }

  static async open(options: SmtpHost): Promise<SmtpConnection> {
    const socket = await opened(options.tls ? secure({ host: options.host, port: options.port, ...tlsOf(options) }) : plain({ host: options.host, port: options.port }), options.tls ? 'secureConnect' : 'connect', options.timeoutMs)
    return new SmtpConnection(socket, options)
  }
  private listen(): void {
    this.socket.setTimeout(this.options.timeoutMs, () => this.socket.destroy(new Error(`no answer within ${this.options.timeoutMs} ms`)))
    this.socket.setEncoding('utf8')
    this.socket.on('data', (part: string) => this.take(part))
    this.socket.on('error', (e: Error) => this.fail(e))
    this.socket.on('close', () => this.fail(new Error('the connection was closed')))
  }
  private fail(error: Error): void { this.broken ??= error; this.waiting?.reject(this.broken); this.waiting = undefined }
  private take(part: string): void {
    this.buffer += part
    if (this.buffer.length > 65_536) { this.socket.destroy(new Error('the answer has no end')); return }
    for (let end = this.buffer.indexOf('\n'); end >= 0; end = this.buffer.indexOf('\n')) {
      const line = this.buffer.slice(0, end).replace(/\r$/, '')
      this.buffer = this.buffer.slice(end + 1)
      const m = /^(\d{3})([ -]?)(.*)$/.exec(line)
      if (!m) { this.socket.destroy(new Error('the answer is no SMTP')); return }
      this.lines.push(m[3]!)
      if (m[2] === '-') continue
      const reply = { code: Number(m[1]), lines: this.lines }
      this.lines = []
      if (this.waiting) { this.waiting.resolve(reply); this.waiting = undefined } else this.replies.push(reply)
    }
  }
  private next(): Promise<Reply> {
    const ready = this.replies.shift()
    if (ready) return Promise.resolve(ready)
    if (this.broken) return Promise.reject(this.broken)
    return new Promise((resolve, reject) => { this.waiting = { resolve, reject } })
  }
  /** Sends one command (null = only waits) and insists on a reply of the wanted class, e.g. 2 for 2xx. */
  async ask(step: string, command: string | null, wanted: number): Promise<Reply> {
    if (command !== null) {
      // a reply nobody asked for, before TLS, would be taken for the answer to a later command
      if (this.replies.length) throw new Error('the server spoke out of turn')
      this.socket.write(`${command}\r\n`)
    }
    const reply = await this.next()
    if (Math.floor(reply.code / 100) !== wanted) throw new SmtpRefusal(step, reply)
    return reply
  }
  async upgrade(): Promise<void> {
    if (this.buffer || this.replies.length) throw new Error('the server sent data before TLS was there')
    this.socket.removeAllListeners()
    this.socket = await opened(secure({ socket: this.socket, ...tlsOf(this.options) }), 'secureConnect', this.options.timeoutMs)
    this.listen()
  }
  close(): void { this.socket.removeAllListeners('close'); this.socket.on('error', () => undefined); this.socket.end(); this.socket.destroySoon() }
}

const tlsOf = (o: SmtpHost) => ({ servername: /^[\d.]+$|:/.test(o.host) ? '' : o.host, minVersion: 'TLSv1.2' as const, ...(o.ca ? { ca: o.ca } : {}) })
function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<S> {
  return new Promise((resolve, reject) => {
    const late = (): void => { socket.destroy(new Error(`no connection within ${timeoutMs} ms`)) }
    socket.setTimeout(timeoutMs, late)
    socket.once('error', reject)
    socket.once(event, () => { socket.removeListener('error', reject); socket.removeListener('timeout', late); resolve(socket) })
  })
}
