import type { LoaderFunctionArgs } from '@remix-run/node'
import { createReadableStreamFromReadable } from '@remix-run/node'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'

/** The import's template as a download. */
export const loader = async ({ request, params, context }: LoaderFunctionArgs): Promise<Response> => {
  const actor = await requireActor(request, context)
  const { file } = orErrorPage(await context.services.imports.template(actor, `${params.family}/${params.entity}`, String(params.id)), context)
  return new Response(createReadableStreamFromReadable(await file.open()), {
    headers: { 'Content-Type': file.mime, 'Content-Length': String(file.bytes), 'Content-Disposition': context.attachment(file.name), 'Cache-Control': 'no-store' },
  })
}
