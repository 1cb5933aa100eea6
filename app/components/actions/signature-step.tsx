import { Alert, QRCode, Skeleton } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Button, Problem, SignatureView } from '#app/gateway/contracts.server.ts'
import { formatTime } from '#app/text/format.ts'
import { useText } from '#app/text/use-text.ts'
import { useZone } from '../shell/use-app.ts'
import { useAsk } from '../ui/ask.ts'
import { ProblemList } from '../ui/problem-list.tsx'
import { DrawingPad } from './drawing-pad.tsx'
import type { Subject } from './subject.ts'

const POLL_MS = 1500

/** A drawn signature over a frozen set: by phone through the code, or here on the pad; either way the server receives the drawing. */
export function SignatureStep({ subject, button, busy, onSigned }: { subject: Subject; button: Button; busy: boolean; onSigned: (code: string) => void }) {
  const t = useText()
  const ask = useAsk()
  const zone = useZone()
  const [signature, setSignature] = useState<SignatureView | null>(null)
  const [problems, setProblems] = useState<Problem[]>([])
  const told = useRef(false)
  const begun = useRef(false)

  useEffect(() => {
    if (begun.current) return
    begun.current = true
    void ask<{ signature: SignatureView }>('signature/begin', { entity: subject.entity, button: button.id, ids: subject.ids ?? [] }).then((result) => (result.ok ? setSignature(result.signature) : setProblems(result.problems)))
  }, [ask, button.id, subject])

  const code = signature?.code
  const state = signature?.state
  useEffect(() => {
    if (code === undefined || state !== 'waiting') return
    const timer = setInterval(() => {
      void ask<{ signature: SignatureView }>('signature/state', { code }).then((result) => { if (result.ok) setSignature(result.signature) })
    }, POLL_MS)
    return () => clearInterval(timer)
  }, [ask, code, state])

  useEffect(() => {
    if (code === undefined || state !== 'drawn' || told.current) return
    told.current = true
    onSigned(code)
  }, [code, onSigned, state])

  const draw = async (png: Blob): Promise<void> => {
    const body = new FormData()
    body.append('drawing', png, 'signature.png')
    const response = await fetch(`/sign/${code ?? ''}/drawing`, { method: 'POST', body }).catch(() => null)
    const answer = response && ((await response.json()) as { ok: boolean; problems?: Problem[] })
    if (answer?.ok) setSignature((now) => now && { ...now, state: 'drawn' })
    else setProblems(answer?.problems ?? [{ code: 'NETWORK', message: t('common.network') }])
  }
  if (problems.length) return <ProblemList problems={problems} />
  if (!signature) return <Skeleton active />
  if (signature.state === 'expired') return <Alert type="error" showIcon title={t('sign.expired')} />
  return (
    <div className="signature" aria-busy={busy}>
      <p>{signature.purpose}</p>
      <p className="muted">{t('sign.count', { n: signature.count })} {t('sign.expires', { at: formatTime(signature.expiresAt, zone) })}</p>
      <div className="signature-ways">
        <figure>
          <QRCode type="svg" value={new URL(signature.url, window.location.origin).href} status={busy || signature.state === 'drawn' ? 'scanned' : 'active'} statusRender={() => t('sign.drawn')} size={176} />
          <figcaption>{t('sign.scan')}</figcaption>
        </figure>
        <DrawingPad disabled={busy || signature.state === 'drawn'} onDone={(png) => void draw(png)} />
      </div>
      <p role="status" className="muted">{signature.state === 'drawn' ? t('sign.drawn') : t('sign.waiting')}</p>
    </div>
  )
}
