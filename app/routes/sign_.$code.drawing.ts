import type { ActionFunctionArgs } from '@remix-run/node'
import { drawFrom } from '#app/gateway/draw-signature.server.ts'
import { asJson } from '#app/gateway/respond.server.ts'

/** The drawing made beside the code on the computer. */
export const action = async ({ request, params, context }: ActionFunctionArgs): Promise<Response> => asJson(await drawFrom(request, String(params.code), context))
