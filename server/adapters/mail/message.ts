import { createHash } from 'node:crypto'
import type { Letter } from './port.ts'

/** One mailbox without display name; nothing that could end a line or a command. */
export const isMailbox = (text: string): boolean => text.length <= 254 && /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text)

const encodedWord = (text: string): string => {
  const clean = text.replace(/[\r\n]+/g, ' ').trim()
  if (/^[\x20-\x7e]*$/.test(clean) && clean.length <= 60) return clean
  // an encoded word holds at most 75 characters and never cuts a character (RFC 2047)
  const words: string[] = []
  let part = ''
  for (const ch of clean) {
    if (Buffer.byteLength(part + ch) > 42) { words.push(part); part = '' }
    part += ch
  }
  return [...words, part].map((w) => `=?UTF-8?B?${Buffer.from(w).toString('base64')}?=`).join('\r\n ')
}
const rfcDate = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000')

/** RFC 5322 message with a UTF-8 body in base64. One key has one Message-ID, so a repeat is recognised by the receiver. */
export function messageOf(letter: Letter, from: string, at: number): string {
  const id = createHash('sha256').update(letter.key).digest('hex').slice(0, 40)
  const body = Buffer.from(letter.text.replace(/\r?\n/g, '\r\n')).toString('base64').replace(/.{76}/g, '$&\r\n')
  return [
    `Date: ${rfcDate(at)}`, `From: <${from}>`, `To: <${letter.to}>`, `Subject: ${encodedWord(letter.subject)}`, `Message-ID: <${id}@${from.slice(from.indexOf('@') + 1)}>`,
    'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', 'Auto-Submitted: auto-generated', '', body,
  ].join('\r\n')
}
/** A line that is only a dot would end the message (RFC 5321, 4.5.2). */
export const dotStuffed = (message: string): string => message.replace(/(^|\r\n)\./g, '$1..')
