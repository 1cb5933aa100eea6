import { Form, Input, Modal } from 'antd'
import { useState } from 'react'
import type { IncidentAct, IncidentView, Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import { changedValues } from './values.ts'

interface Props { incident: IncidentView; how: 'skip' | 'variables'; problems: Problem[]; busy: boolean; onClose: () => void; onSettle: (act: IncidentAct) => void }

/** Asks for the reason, and for variables for their values as JSON. */
export function IncidentDialog({ incident, how, problems, busy, onClose, onSettle }: Props) {
  const t = useText()
  const [reason, setReason] = useState('')
  const [texts, setTexts] = useState<Record<string, string>>({})
  const [wrong, setWrong] = useState<Problem[]>([])
  const settle = (): void => {
    const said = reason.trim()
    if (!said) { setWrong([{ code: 'REASON_REQUIRED', message: t('incident.reason.needed') }]); return }
    if (how === 'skip') { onSettle({ how, ids: [incident.id], reason: said }); return }
    const { values, bad } = changedValues(texts)
    setWrong(bad.map((name) => ({ code: 'JSON', message: t('incident.variables.bad', { name }) })))
    if (bad.length === 0) onSettle({ how, ids: [incident.id], reason: said, values })
  }
  const told = wrong.length ? wrong : problems
  return (
    <Modal open title={`${t(how === 'skip' ? 'incident.skip' : 'incident.variables')} · ${incident.step}`} onCancel={onClose} onOk={settle} confirmLoading={busy} okText={t('common.ok')} cancelText={t('common.cancel')}>
      <p className="muted">{t(how === 'skip' ? 'incident.skip.text' : 'incident.variables.text')}</p>
      {told.length ? <ProblemList problems={told} /> : null}
      <Form layout="vertical">
        {how === 'variables' ? Object.entries(incident.variables).map(([name, value]) => (
          <Form.Item key={name} label={name} htmlFor={`variable-${name}`}>
            <Input.TextArea id={`variable-${name}`} autoSize={{ minRows: 1, maxRows: 8 }} value={texts[name] ?? JSON.stringify(value)} onChange={(event) => setTexts({ ...texts, [name]: event.target.value })} />
          </Form.Item>
        )) : null}
        <Form.Item label={t('incident.reason')} required htmlFor="incident-reason">
          <Input.TextArea id="incident-reason" autoSize={{ minRows: 2, maxRows: 6 }} value={reason} onChange={(event) => setReason(event.target.value)} maxLength={2000} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
