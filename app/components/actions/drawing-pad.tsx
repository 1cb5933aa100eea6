import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import SignaturePad from 'signature_pad'
import { useText } from '#app/text/use-text.ts'

/** A place to sign by mouse, pen or finger; hands over a PNG. */
export function DrawingPad({ disabled, onDone }: { disabled: boolean; onDone: (png: Blob) => void }) {
  const t = useText()
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<SignaturePad | null>(null)
  const [empty, setEmpty] = useState(true)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const ratio = Math.max(1, window.devicePixelRatio)
    element.width = element.offsetWidth * ratio
    element.height = element.offsetHeight * ratio
    element.getContext('2d')?.scale(ratio, ratio)
    const made = new SignaturePad(element, { penColor: '#111827', minWidth: 0.8, maxWidth: 2.6 })
    const ended = (): void => setEmpty(made.isEmpty())
    made.addEventListener('endStroke', ended)
    pad.current = made
    return () => {
      made.removeEventListener('endStroke', ended)
      made.off()
    }
  }, [])
  const clear = (): void => {
    pad.current?.clear()
    setEmpty(true)
  }
  return (
    <div className="drawing">
      <canvas ref={canvas} className="drawing-pad" aria-label={t('sign.here')} role="img" />
      <div className="drawing-tools">
        <span className="muted">{t('sign.here')}</span>
        <Button size="small" disabled={disabled || empty} onClick={clear}>{t('sign.clear')}</Button>
        <Button size="small" type="primary" disabled={disabled || empty} onClick={() => canvas.current?.toBlob((png) => { if (png) onDone(png) }, 'image/png')}>{t('sign.confirm')}</Button>
      </div>
    </div>
  )
}
