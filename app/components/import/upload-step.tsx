import { Progress, Spin } from 'antd'
import type { ImportView } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { DropZone } from '../form-fields/drop-zone.tsx'
import type { Stored } from '../form-fields/upload.ts'
import { useUpload } from '../form-fields/use-upload.ts'

export function UploadStep({ view, busy, file, onStored }: { view: ImportView; busy: boolean; file: Stored | null; onStored: (file: Stored) => void }) {
  const t = useText()
  const upload = useUpload({ purpose: 'import', entity: view.entity, path: view.id }, onStored)
  return (
    <div className="import-body">
      <DropZone accept={view.accept} maxBytes={view.maxBytes} disabled={busy || Boolean(upload.running)} onFile={(chosen) => void upload.send(chosen)} />
      {upload.running ? <div className="sending"><span>{upload.running.name}</span><Progress percent={upload.running.percent} /></div> : null}
      {upload.error ? <p className="field-error" role="alert">{upload.error}</p> : null}
      {file ? <p className="muted">{t('import.uploaded', { name: file.name })} {busy ? <Spin size="small" /> : null}</p> : null}
    </div>
  )
}
