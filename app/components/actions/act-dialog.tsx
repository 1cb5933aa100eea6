import { useRevalidator } from '@remix-run/react'
import { Alert, Input, Modal, Skeleton } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { FormTarget, FormView, JsonObject, Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { SchemaForm, type FormHandle } from '../form/schema-form.tsx'
import { useAsk } from '../ui/ask.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import type { DialogProps } from './dialog-props.ts'
import type { Outcome } from './outcome.ts'
import { SignatureStep } from './signature-step.tsx'
import { confirmText, subjectInput } from './subject.ts'

interface Answer { input?: JsonObject; comment?: string }

/** An outcome, message or action that asks first: confirmation, comment, input form, drawn signature. */
export default function ActDialog({ button, subject, onClose, onDone }: DialogProps) {
  const t = useText()
  const ask = useAsk()
  const { revalidate } = useRevalidator()
  const [form, setForm] = useState<FormView | null>(null)
  const [comment, setComment] = useState('')
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)
  const [signing, setSigning] = useState<Answer | null>(null)
  const handle = useRef<FormHandle>(null)
  const target: FormTarget = useMemo(() => ({ entity: subject.entity, button: button.id, ...(subject.ids?.length && { ids: subject.ids }), ...(subject.ids?.length === 1 && { id: subject.ids[0] as string }) }), [button.id, subject])

  useEffect(() => {
    if (!button.form) return
    void ask<{ form: FormView }>('form', target).then((result) => (result.ok ? setForm(result.form) : setProblems(result.problems)))
  }, [ask, button.form, target])

  const send = async (answer: Answer, signature?: string): Promise<void> => {
    setBusy(true)
    const result = await ask<Outcome>('act', { entity: subject.entity, button: button.id, ...subjectInput(subject), ...answer, ...(signature && { signature }) })
    setBusy(false)
    if (result.ok) return onDone(button.title, result)
    setSigning(null)
    // somebody else was first: the page behind shows what became of it
    if (result.problems.some((problem) => problem.code === 'CONFLICT')) revalidate()
    const placed = result.problems.map((problem) => ({ ...problem, ...(problem.path && { path: problem.path.replace(/^input\./, '') }) }))
    if (handle.current && placed.some((problem) => problem.path)) handle.current.show(placed)
    else setProblems(result.problems)
  }
  const go = (): void => {
    setProblems([])
    const input = button.form ? handle.current?.check() : undefined
    if (input === null || (button.form && !form)) return
    if (button.comment === 'required' && !comment.trim()) return setProblems([{ code: 'COMMENT', message: t('act.comment.required') }])
    const answer: Answer = { ...(input && { input }), ...(comment.trim() && { comment: comment.trim() }) }
    if (button.signature) setSigning(answer)
    else void send(answer)
  }
  const asksComment = button.comment === 'optional' || button.comment === 'required'
  return (
    <Modal open title={signing ? t('sign.title') : button.title} onCancel={onClose} onOk={go} okText={button.confirm || asksComment || button.form ? button.title : t('common.ok')} cancelText={t('common.cancel')} confirmLoading={busy}
      okButtonProps={{ danger: button.style === 'danger' }} width={button.form ? 720 : 520} mask={{ closable: false }} {...(signing && { footer: null })}>
      {signing ? <SignatureStep subject={subject} button={button} busy={busy} onSigned={(code) => void send(signing, code)} /> : (
        <div className="act-body">
          {button.confirm ? <p>{confirmText(button, subject)}</p> : null}
          {subject.title || subject.count > 1 ? <p className="muted">{subject.count > 1 ? t('act.count', { n: subject.count }) : subject.title}</p> : null}
          {button.signature ? <Alert type="warning" showIcon title={t('sign.count', { n: subject.count })} /> : null}
          {button.form && !form && !problems.length ? <Skeleton active /> : null}
          {form ? <SchemaForm handle={handle} form={form} target={target} /> : null}
          {asksComment ? (
            <label className="form-field">
              <span className="form-label">{t(button.comment === 'required' ? 'act.comment' : 'act.comment.optional')}{button.comment === 'required' ? <span className="required" aria-hidden>*</span> : null}</span>
              <Input.TextArea autoFocus={!button.form} autoSize={{ minRows: 3, maxRows: 10 }} maxLength={2000} showCount value={comment} onChange={(event) => setComment(event.target.value)} />
            </label>
          ) : null}
          {problems.length ? <ProblemList problems={problems} /> : null}
        </div>
      )}
    </Modal>
  )
}
