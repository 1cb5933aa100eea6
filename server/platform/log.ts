import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino'
import { AppError } from './errors.ts'

export type Log = Logger

const SECRET = ['password', 'token', 'csrf', 'cookie', 'authorization', 'secret', 'key', 'idNumber', 'phone']
const PATHS = SECRET.flatMap((k) => [k, `*.${k}`, `*.*.${k}`])
// a mainland ID number or mobile number that got into a text all the same
const ID_NUMBER = /(?<!\d)(\d{3})\d{3}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}(\d{3}[\dXx])(?![\dXx])/g
const PHONE = /(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)/g

/** Personal numbers in a text become head, stars, tail. */
export const redactText = (text: string): string => text.replace(ID_NUMBER, '$1****$2').replace(PHONE, '$1****$2')

const errorFields = (e: Error): object => {
  const base = stdSerializers.err(e)
  return e instanceof AppError ? { ...base, code: e.code, where: e.where, found: e.found, fix: e.fix } : base
}

/** JSON lines. Errors go under `err`; secrets by name and personal numbers by form are masked. */
export const createLog = (options: { level: string; name?: string }, stream?: DestinationStream): Log => pino({
  level: options.level,
  ...(options.name ? { name: options.name } : { base: null }),
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: PATHS, censor: '***' },
  serializers: { err: errorFields },
  hooks: { streamWrite: redactText },
}, ...(stream ? [stream] : []))

export const silentLog = (): Log => pino({ level: 'silent' })
