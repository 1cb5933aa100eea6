import { useRevalidator } from '@remix-run/react'
import { useState } from 'react'
import type { IncidentAct, Problem } from '#app/gateway/contracts.server.ts'
import { useText } from '#app/text/use-text.ts'
import { useAsk } from '../ui/ask.ts'

interface Incidents { settle: (act: IncidentAct) => Promise<void>; busy: boolean; problems: Problem[]; /** what the last act has done */ said: string }

/** Settles incidents, and shows the list as it is then. */
export function useIncidents(onDone: () => void): Incidents {
  const ask = useAsk()
  const t = useText()
  const { revalidate } = useRevalidator()
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<Problem[]>([])
  const [said, setSaid] = useState('')
  const settle = async (act: IncidentAct): Promise<void> => {
    setBusy(true)
    setProblems([])
    setSaid('')
    const result = await ask<{ done: number; refused: { id: string; problems: Problem[] }[] }>('incidents', act)
    setBusy(false)
    if (!result.ok) { setProblems(result.problems); return }
    setProblems(result.refused.flatMap((row) => row.problems))
    setSaid([t('incident.done', { n: String(result.done) }), ...(result.refused.length ? [t('incident.refused', { n: String(result.refused.length) })] : [])].join(' · '))
    onDone()
    revalidate()
  }
  return { settle, busy, problems, said }
}
