import { Modal } from 'antd'
import { useState } from 'react'
import type { Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useJobs } from '../jobs/jobs-provider.tsx'
import { useAsk } from '../ui/ask.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import type { DialogProps } from './dialog-props.ts'
import { chosenInput } from './subject.ts'

/** One record: preview, then download. Several: the number, then a batch job. */
export default function DocumentDialog({ button, subject, onClose }: DialogProps) {
  const t = useText()
  const ask = useAsk()
  const jobs = useJobs()
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problem[]>([])
  const single = subject.ids?.length === 1 && !subject.all ? subject.ids[0] : undefined
  const start = async (): Promise<void> => {
    setBusy(true)
    const result = await ask<{ job: string }>('document/start', { entity: subject.entity, id: button.id, ...chosenInput(subject) })
    setBusy(false)
    if (!result.ok) return setProblems(result.problems)
    onClose()
    jobs.follow(result.job)
  }
  return (
    <Modal open title={button.title} onCancel={onClose} onOk={() => void start()} okText={t('common.download')} cancelText={t('common.cancel')} confirmLoading={busy} width={single ? 860 : 480} centered>
      {problems.length ? <ProblemList problems={problems} /> : null}
      {single ? <iframe className="document-frame" title={button.title} sandbox="" src={`/preview/${subject.entity}/${button.id}/${single}`} /> : <p>{t('act.count', { n: subject.count })}</p>}
    </Modal>
  )
}
