import { Input, Modal } from 'antd'
import { useState } from 'react'
import type { Button } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'

/** The last question before a form is submitted: what happens next, and a comment where one is asked for. */
export function SubmitDialog({ button, busy, onOk, onClose }: { button: Button; busy: boolean; onOk: (comment?: string) => void; onClose: () => void }) {
  const t = useText()
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)
  const go = (): void => {
    if (button.comment === 'required' && !comment.trim()) return setMissing(true)
    onOk(comment.trim() || undefined)
  }
  return (
    <Modal open title={button.title} onOk={go} onCancel={onClose} okText={button.title} cancelText={t('common.cancel')} confirmLoading={busy} okButtonProps={{ danger: button.style === 'danger' }}>
      {button.confirm ? <p>{button.confirm}</p> : null}
      {button.comment && button.comment !== 'none' ? (
        <label className="form-field"><span className="form-label">{t(button.comment === 'required' ? 'act.comment' : 'act.comment.optional')}</span><Input.TextArea autoFocus autoSize={{ minRows: 3 }} maxLength={2000} showCount status={missing ? 'error' : ''} value={comment} onChange={(event) => setComment(event.target.value)} /></label>
      ) : null}
      {missing ? <p className="field-error" role="alert">{t('act.comment.required')}</p> : null}
    </Modal>
  )
}
