import { Alert } from 'antd'
import { useEffect, useRef, useState } from 'react'
import bpmnCss from 'bpmn-js/dist/assets/bpmn-js.css?url'
import diagramCss from 'bpmn-js/dist/assets/diagram-js.css?url'
import type { RecordView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'

const addSheet = (href: string): void => {
  if (document.querySelector(`link[href="${href}"]`)) return
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = href
  document.head.append(link)
}

/** The record's process with its tokens and the path it has taken. The viewer loads only when the tab is opened. */
export function ProcessTab({ process }: { process: NonNullable<RecordView['process']> }) {
  const t = useText()
  const host = useRef<HTMLDivElement>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    let viewer: { destroy: () => void } | undefined
    let gone = false
    for (const href of [diagramCss, bpmnCss]) addSheet(href)
    const show = async (): Promise<void> => {
      const { showProcess } = await import('./process-viewer.client.ts')
      if (gone || !host.current) return
      viewer = await showProcess(host.current, process)
      if (gone) viewer.destroy()
    }
    show().catch(() => setFailed(true))
    return () => {
      gone = true
      viewer?.destroy()
    }
  }, [process])
  return (
    <div>
      <p className="process-legend"><span className="legend-done">{t('record.process.done')}</span><span className="legend-at">{t('record.process.at')}</span></p>
      {failed ? <Alert type="warning" showIcon title={t('record.process.failed')} /> : <div ref={host} className="process-canvas" role="img" aria-label={t('record.process')} />}
    </div>
  )
}
