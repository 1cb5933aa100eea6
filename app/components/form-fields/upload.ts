import type { Result } from '#app/gateway/contracts.server.ts'

export interface Stored { id: string; name: string; bytes: number }
export interface UploadInput { file: File; purpose: 'record' | 'import' | 'rich'; csrf: string; entity?: string; path?: string; onProgress?: (percent: number) => void; signal?: AbortSignal; networkText: string }

/** Sends one file with progress (0 to 100). A broken connection is a refusal. */
export const upload = ({ file, purpose, csrf, entity, path, onProgress, signal, networkText }: UploadInput): Promise<Result<Stored>> =>
  new Promise((resolve) => {
    const query = new URLSearchParams({ purpose, ...(entity && { entity }), ...(path && { path }) })
    const request = new XMLHttpRequest()
    const fail = (): void => resolve({ ok: false, code: 'NETWORK', status: 0, problems: [{ code: 'NETWORK', message: networkText }] })
    request.open('POST', `/files?${query.toString()}`)
    request.setRequestHeader('x-csrf', csrf)
    request.upload.onprogress = (event) => onProgress?.(event.total > 0 ? Math.floor((event.loaded / event.total) * 100) : 0)
    request.onload = () => {
      try {
        resolve(JSON.parse(request.responseText) as Result<Stored>)
      } catch {
        fail()
      }
    }
    request.onerror = fail
    request.onabort = fail
    signal?.addEventListener('abort', () => request.abort())
    const body = new FormData()
    body.append('file', file, file.name)
    request.send(body)
  })

/** ".jpg", "jpg" or "image/jpeg" against a file. */
export const accepts = (file: Pick<File, 'name' | 'type'>, accept: string[]): boolean => {
  if (!accept.length) return true
  const extension = file.name.toLowerCase().split('.').at(-1) ?? ''
  return accept.some((rule) => {
    const wanted = rule.toLowerCase().trim()
    if (wanted.endsWith('/*')) return file.type.startsWith(wanted.slice(0, -1))
    return wanted.includes('/') ? file.type === wanted : wanted.replace(/^\./, '') === extension
  })
}

/** The accept list as the attribute of a file input. */
export const acceptAttribute = (accept: string[]): string => accept.map((rule) => (rule.includes('/') || rule.startsWith('.') ? rule : `.${rule}`)).join(',')
