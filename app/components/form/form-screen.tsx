import { useBlocker, useNavigate } from '@remix-run/react'
import { Alert, App, Button as AntButton, Modal, Space, Tooltip } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Button, FormTarget, FormView, JsonObject, Problem } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { Reasons } from '../actions/action-button.tsx'
import { useApp, useZone } from '../shell/use-app.ts'
import { isSignedOut, useAsk } from '../ui/ask.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Warnings, type Warned } from '../ui/warnings.tsx'
import { withCleared } from './cleared.ts'
import { FormNav } from './form-nav.tsx'
import { SchemaForm, type FormHandle } from './schema-form.tsx'
import { SubmitDialog } from './submit-dialog.tsx'
import { useDraft } from './use-draft.ts'

/** The page to create or edit one record: sections, autosave, leave warning, save and outcomes. */
export function FormScreen({ form: first, target }: { form: FormView; target: FormTarget }) {
  const t = useText()
  const ask = useAsk()
  const zone = useZone()
  const navigate = useNavigate()
  const { modal } = App.useApp()
  const { person } = useApp()
  const [form, setForm] = useState(first)
  const [busy, setBusy] = useState<string | null>(null)
  const [asking, setAsking] = useState<{ button: Button; data: JsonObject } | null>(null)
  const handle = useRef<FormHandle>(null)
  const draft = useDraft(`${person.account}:${person.programme}:${target.entity}:${target.id ?? 'new'}`, first.rev)
  const done = useRef(false)
  const blocker = useBlocker(({ currentLocation, nextLocation }) => draft.dirty && !done.current && currentLocation.pathname !== nextLocation.pathname)

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (handle.current && draft.dirty && !done.current) draft.save(handle.current.read())
      if (draft.dirty && !done.current && !isSignedOut()) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [draft])

  const send = async (button: Button, data: JsonObject, comment?: string): Promise<Problem[]> => {
    setBusy(button.id)
    const then = button.kind === 'save' ? undefined : button.id
    const result = await ask<{ id: string; rev: number; warned?: Warned[] }>('save', { entity: target.entity, ...(target.id && { id: target.id }), ...(form.rev !== undefined && { rev: form.rev }), data: target.id ? withCleared(form.data, data) : data, ...(then && { then }), ...(comment && { comment }) })
    setBusy(null)
    if (!result.ok) {
      setAsking(null)
      handle.current?.show(result.problems)
      if (!result.problems.some((problem) => problem.path)) document.getElementById('content')?.scrollTo({ top: 0 })
      return result.problems
    }
    done.current = true
    draft.clear()
    if (result.warned?.length) modal.warning({ title: t('act.saved'), content: <Warnings warned={result.warned} />, okText: t('common.close') })
    navigate(`/r/${target.entity}/${result.id}`, { replace: Boolean(target.id) })
    return []
  }
  const press = (button: Button): void => {
    // a draft may be incomplete: 保存 beside other buttons leaves the judgement to the server
    const data = button.kind === 'save' && buttons.length > 1 ? handle.current?.read() : handle.current?.check()
    if (!data) return
    if (button.confirm || (button.comment && button.comment !== 'none')) setAsking({ button, data })
    else void send(button, data)
  }
  const buttons = form.buttons.length ? form.buttons : [{ id: 'save', title: t('common.save'), style: 'primary' as const, kind: 'save' as const }]
  return (
    <div className="form-page">
      <PageHeader title={form.title} back />
      {draft.found ? (
        <Alert type="info" showIcon className="draft-found" title={t('form.draft.found', { at: formatTime(draft.found.at, zone) })} action={
          <Space><AntButton size="small" type="primary" onClick={() => { if (draft.found) handle.current?.replace(draft.found.data); draft.settle() }}>{t('form.draft.restore')}</AntButton><AntButton size="small" onClick={draft.clear}>{t('form.draft.discard')}</AntButton></Space>
        } />
      ) : null}
      <div className="form-body">
        <div className="panel form-main"><SchemaForm handle={handle} form={first} target={target} onChange={draft.change} onForm={setForm} /></div>
        <FormNav form={form} />
      </div>
      <footer className="form-foot">
        <span className="muted" role="status">{draft.savedAt ? t('form.autosaved', { at: formatTime(draft.savedAt, zone).slice(11) }) : ''}</span>
        <span className="grow" />
        <AntButton onClick={() => navigate(-1)}>{t('common.cancel')}</AntButton>
        {buttons.map((button) => {
          const off = Boolean(button.disabled?.length)
          const control = <AntButton key={button.id} type={button.style === 'primary' ? 'primary' : 'default'} danger={button.style === 'danger'} disabled={off || (busy !== null && busy !== button.id)} loading={busy === button.id} onClick={() => press(button)}>{button.title}</AntButton>
          return off ? <Tooltip key={button.id} title={<Reasons reasons={button.disabled ?? []} />}><span tabIndex={0} className="off-button">{control}</span></Tooltip> : control
        })}
      </footer>
      {asking ? <SubmitDialog button={asking.button} busy={busy !== null} onClose={() => setAsking(null)} onOk={(comment) => void send(asking.button, asking.data, comment)} /> : null}
      <Modal open={blocker.state === 'blocked'} title={t('form.leave')} okText={t('form.leave.ok')} cancelText={t('form.leave.stay')} onOk={() => blocker.proceed?.()} onCancel={() => blocker.reset?.()}>{t('form.leave.text')}</Modal>
    </div>
  )
}
