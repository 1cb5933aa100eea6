import type { Readable } from 'node:stream'
import busboy from 'busboy'
import type { Request } from 'express'
import type { Result } from '#server/services.ts'
import { ofRefusal, problem, type Reply } from './problem.ts'

type Stored = Result<{ id: string; name: string; bytes: number }>
export interface Form { file: { id: string; name: string; bytes: number }; fields: Record<string, string> }

/** Reads a multipart body: its one file goes straight into the store, nothing is held in memory but short fields. */
export function readForm(req: Request, maxBytes: number, put: (name: string, body: Readable) => Promise<Stored>): Promise<Form | Reply> {
  if (!req.is('multipart/form-data')) return Promise.resolve(problem(415, 'NOT_MULTIPART', '请以 multipart/form-data 上传文件'))
  return new Promise((resolve, reject) => {
    const parser = busboy({ headers: req.headers, defParamCharset: 'utf8', limits: { files: 1, fields: 20, fieldSize: 65_536, fileSize: maxBytes } })
    const fields: Record<string, string> = {}
    let stored: Promise<Stored> | undefined
    let tooBig = false
    parser.on('field', (name, value) => { fields[name] = value })
    parser.on('file', (_field, stream, info) => {
      stream.on('limit', () => { tooBig = true; stream.destroy(new Error('the file is larger than the limit')) })
      stored = put(info.filename || 'file', stream)
      // a refused file is read to its end, so that the sender gets the answer and not a broken connection
      stored.then((r) => { if (!r.ok) stream.resume() }, () => { req.unpipe(parser); req.resume(); finish() })
    })
    const finish = (): void => {
      if (!stored) { resolve(problem(400, 'FILE_MISSING', '没有收到文件')); return }
      stored.then((r) => resolve(r.ok ? { file: r, fields } : ofRefusal(r)), (error: unknown) => {
        if (tooBig) resolve(problem(413, 'FILE_TOO_LARGE', `文件超过上限 ${Math.floor(maxBytes / 1_048_576)} MB`))
        else reject(error instanceof Error ? error : new Error(String(error)))
      })
    }
    parser.on('close', finish)
    parser.on('error', () => resolve(problem(400, 'FORM_INVALID', '上传的内容不完整或格式不正确')))
    req.on('aborted', () => parser.destroy(new Error('upload aborted')))
    req.pipe(parser)
  })
}
