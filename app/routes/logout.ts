import { redirect, type ActionFunctionArgs } from '@remix-run/node'

export const loader = () => redirect('/')

/** Ends the session; a foreign page cannot do it, for the token is asked for. */
export const action = async ({ request, context }: ActionFunctionArgs): Promise<Response> => {
  const session = await context.session()
  const form = await request.formData()
  if (session && !(await context.csrfHolds(String(form.get('csrf') ?? '')))) return redirect('/')
  if (session) await context.services.session.signOut(session.token)
  return redirect('/login?out=1', { headers: { 'Set-Cookie': context.cookies.signOut() } })
}
