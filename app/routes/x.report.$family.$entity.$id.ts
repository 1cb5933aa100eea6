import type { LoaderFunctionArgs } from '@remix-run/node'
import { createReadableStreamFromReadable } from '@remix-run/node'
import { readListQuery } from '#app/components/list/list-query.ts'
import { requireActor } from '#app/gateway/require-actor.server.ts'
import { orErrorPage } from '#app/gateway/respond.server.ts'

/** A statistic under its filters as a workbook. */
export const loader = async ({ request, params, context }: LoaderFunctionArgs): Promise<Response> => {
  const actor = await requireActor(request, context)
  const { list: _list, ...query } = readListQuery(new URL(request.url).searchParams)
  const { file } = orErrorPage(await context.services.reportFile(actor, `${params.family}/${params.entity}`, String(params.id), query), context)
  return new Response(createReadableStreamFromReadable(await file.open()), {
    headers: { 'Content-Type': file.mime, 'Content-Length': String(file.bytes), 'Content-Disposition': context.attachment(file.name), 'Cache-Control': 'no-store' },
  })
}
