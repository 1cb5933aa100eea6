import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { safeReturn } from '#app/gateway/require-actor.server.ts'

/** Language (also before signing in) and programme. */
export const action = async ({ request, context }: ActionFunctionArgs): Promise<Response> => {
  const form = await request.formData()
  const session = await context.session()
  const to = safeReturn(String(form.get('to') ?? '/'))
  const headers = new Headers()
  const allowed = !session || (await context.csrfHolds(String(form.get('csrf') ?? '')))
  if (!allowed) return redirect(to)
  const lang = form.get('lang')
  if (lang === 'zh' || lang === 'en') {
    headers.append('Set-Cookie', context.cookies.lang(lang))
    if (session) await context.services.session.setLang(session.token, lang)
  }
  const programme = form.get('programme')
  if (session && typeof programme === 'string') {
    await context.services.session.setProgramme(session.token, programme)
    return redirect('/', { headers })
  }
  return redirect(String(form.get('to')) === '/login' ? '/login' : to, { headers })
}
