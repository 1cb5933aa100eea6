import type { RequestHandler } from 'express'

/** Refuses bodies above `maxBytes`: at once when the length is announced, otherwise as soon as too much has come. */
export const bodyLimit = (maxBytes: number): RequestHandler => (req, res, next) => {
  const announced = Number(req.headers['content-length'] ?? 0)
  if (announced > maxBytes) {
    res.status(413).json({ ok: false, code: 'BODY_TOO_LARGE', status: 413, problems: [{ code: 'BODY_TOO_LARGE', message: `提交的内容超过上限 ${Math.floor(maxBytes / 1_048_576)} MB` }] })
    return
  }
  if (!req.headers['content-length'] && req.headers['transfer-encoding']) {
    let seen = 0
    const emit = req.emit.bind(req)
    req.emit = (event: string, ...args: unknown[]): boolean => {
      if (event === 'data' && (seen += (args[0] as Buffer).length) > maxBytes) {
        req.destroy()
        return false
      }
      return emit(event, ...args)
    }
  }
  next()
}
