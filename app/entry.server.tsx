import { PassThrough, Transform } from 'node:stream'
import { createCache, extractStyle, StyleProvider } from '@ant-design/cssinjs'
import type { AppLoadContext, EntryContext } from '@remix-run/node'
import { createReadableStreamFromReadable } from '@remix-run/node'
import { RemixServer } from '@remix-run/react'
import { renderToPipeableStream } from 'react-dom/server'
import { NonceContext } from './nonce.ts'

export const streamTimeout = 10_000
const MARK = '<meta name="ui-tokens"/>'

/** Puts the theme's variables where the mark stands: they are complete only once everything has rendered. */
const injectTokens = (style: string, nonce: string): Transform => {
  let done = false
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      let text = chunk.toString('utf8')
      if (!done && text.includes(MARK)) {
        done = true
        text = text.replace(MARK, () => (style ? `<style id="ui-tokens" nonce="${nonce}">${style}</style>` : ''))
      }
      next(null, text)
    },
  })
}

export default function handleRequest(request: Request, status: number, headers: Headers, remix: EntryContext, context: AppLoadContext): Promise<Response> {
  const { nonce } = context
  const cache = createCache()
  return new Promise((resolve, reject) => {
    let answered = false
    let code = status
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={nonce}>
        <StyleProvider cache={cache}>
          <RemixServer context={remix} url={request.url} nonce={nonce} abortDelay={streamTimeout} />
        </StyleProvider>
      </NonceContext.Provider>,
      {
        nonce,
        onAllReady() {
          answered = true
          const body = new PassThrough()
          headers.set('Content-Type', 'text/html; charset=utf-8')
          if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
          const style = extractStyle(cache, { plain: true, types: ['token', 'cssVar'] })
          const inject = injectTokens(style, nonce)
          inject.pipe(body)
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: code }))
          pipe(inject)
        },
        onShellError: reject,
        onError(error: unknown) {
          code = 500
          if (answered) console.error(error)
        },
      },
    )
    setTimeout(abort, streamTimeout + 1000).unref()
  })
}
