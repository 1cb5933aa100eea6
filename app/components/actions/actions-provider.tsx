import { useNavigate, useRevalidator } from '@remix-run/react'
import { App } from 'antd'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ComponentType, type ReactNode } from 'react'
import type { Button, Result } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useJobs } from '../jobs/jobs-provider.tsx'
import { useAsk } from '../ui/ask.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import type { DialogProps } from './dialog-props.ts'
import { needsPanel, type Outcome } from './outcome.ts'
import { ResultPanel } from './result-panel.tsx'
import { subjectInput, type Subject } from './subject.ts'
import { ActionsContext } from './use-actions.ts'
import { useLookAgain } from './use-look-again.ts'

const ActDialog = lazy(() => import('./act-dialog.tsx'))
const DeleteDialog = lazy(() => import('./delete-dialog.tsx'))
const ExportDialog = lazy(() => import('./export-dialog.tsx'))
const DocumentDialog = lazy(() => import('./document-dialog.tsx'))
const ImportDrawer = lazy(() => import('../import/import-drawer.tsx'))
const DIALOGS: Partial<Record<Button['kind'], ComponentType<DialogProps>>> = { delete: DeleteDialog, export: ExportDialog, document: DocumentDialog, import: ImportDrawer, outcome: ActDialog, message: ActDialog, action: ActDialog }

interface Pressed { button: Button; subject: Subject }
const asksFirst = (button: Button): boolean => Boolean(button.confirm || button.form || button.signature || (button.comment && button.comment !== 'none'))

/** Where a button leads without any dialog. */
const linkOf = ({ button, subject }: Pressed): string | null => {
  const id = subject.ids?.[0]
  if (button.kind === 'create') return `/l/${subject.entity}/new`
  if (button.kind === 'edit' && id) return `/r/${subject.entity}/${id}/edit`
  return null
}

/** Runs the buttons of every screen: navigation, dialogs, calls, results, jobs. */
export function ActionsProvider({ children }: { children: ReactNode }) {
  const t = useText()
  const ask = useAsk()
  const jobs = useJobs()
  const navigate = useNavigate()
  const { revalidate, state } = useRevalidator()
  const lookAgain = useLookAgain(revalidate)
  const { message, modal } = App.useApp()
  const [pressed, setPressed] = useState<Pressed | null>(null)
  const [shown, setShown] = useState<{ title: string; outcome: Outcome } | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const [stale, setStale] = useState(false)
  // until the page shows what a call did, its other buttons would act on what was there before
  useEffect(() => {
    if (!stale) return
    const shown = (): void => { setStale(false); setBusy(null) }
    if (state === 'loading') return shown
    const never = setTimeout(shown, 1_000)
    return () => clearTimeout(never)
  }, [stale, state])

  const finish = useCallback((title: string, outcome: Outcome) => {
    setPressed(null)
    if (outcome.job) jobs.follow(outcome.job)
    if (needsPanel(outcome)) setShown({ title, outcome })
    else if (!outcome.job) void message.success(`${title}：${t('common.done')}`)
    const list = outcome.gone && /^\/r\/([^/]+\/[^/]+)\//.exec(window.location.pathname)?.[1]
    if (outcome.go) navigate(outcome.go)
    else if (list) navigate(`/l/${list}`)
    else revalidate()
    if (!outcome.job && !list) lookAgain()
  }, [jobs, lookAgain, message, navigate, revalidate, t])

  const press = useCallback((button: Button, subject: Subject) => {
    const link = linkOf({ button, subject })
    if (link) return navigate(link)
    const direct = (button.kind === 'outcome' || button.kind === 'message' || button.kind === 'action') && !asksFirst(button)
    if (!direct) return setPressed({ button, subject })
    setBusy(button.id)
    void ask<Outcome>('act', { entity: subject.entity, button: button.id, ...subjectInput(subject) }).then((result: Result<Outcome>) => {
      if (result.ok && !result.go && !result.gone) setStale(true)
      else setBusy(null)
      if (result.ok) finish(button.title, result)
      else modal.error({ title: `${button.title}：${t('common.failed')}`, content: <ProblemList problems={result.problems} />, okText: t('common.close') })
    })
  }, [ask, finish, modal, navigate, t])

  const actions = useMemo(() => ({ press, busy }), [press, busy])
  const close = (): void => setPressed(null)
  const Dialog = pressed && DIALOGS[pressed.button.kind]
  return (
    <ActionsContext.Provider value={actions}>
      {children}
      {/* no boundary while nothing is asked: one in the page as it is sent is still to be hydrated when the first press changes it */}
      {Dialog ? <Suspense fallback={null}><Dialog {...pressed} onClose={close} onDone={finish} /></Suspense> : null}
      {shown ? <ResultPanel {...shown} onClose={() => setShown(null)} /> : null}
    </ActionsContext.Provider>
  )
}
