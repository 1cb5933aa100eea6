import { Modal } from 'antd'
import { useState } from 'react'
import type { Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useAsk } from '../ui/ask.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import type { DialogProps } from './dialog-props.ts'
import type { Outcome } from './outcome.ts'
import { confirmText } from './subject.ts'

export default function DeleteDialog({ button, subject, onClose, onDone }: DialogProps) {
  const t = useText()
  const ask = useAsk()
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problem[]>([])
  const remove = async (): Promise<void> => {
    setBusy(true)
    const result = await ask<Outcome>('remove', { entity: subject.entity, ids: subject.ids ?? [] })
    setBusy(false)
    if (result.ok) onDone(button.title, result)
    else setProblems(result.problems)
  }
  return (
    <Modal open title={button.title} onCancel={onClose} onOk={() => void remove()} okText={t('common.delete')} cancelText={t('common.cancel')} okButtonProps={{ danger: true }} confirmLoading={busy}>
      <p>{confirmText(button, subject) ?? t('act.delete', { n: subject.count })}</p>
      {subject.title ? <p className="muted">{subject.title}</p> : null}
      {problems.length ? <ProblemList problems={problems} /> : null}
    </Modal>
  )
}
