import { useCallback, useState } from 'react'
import { useText } from '#app/text/use-text.ts'
import { useApp } from '../shell/use-app.ts'
import { upload, type Stored } from './upload.ts'

interface State { name: string; percent: number }

/** One upload at a time with its progress and, when it failed, why. */
export const useUpload = (meta: { purpose: 'record' | 'import' | 'rich'; entity?: string; path?: string }, onStored: (stored: Stored, file: File) => void) => {
  const t = useText()
  const { csrf } = useApp()
  const [running, setRunning] = useState<State | null>(null)
  const [error, setError] = useState<string | null>(null)
  const { purpose, entity, path } = meta
  const send = useCallback(async (file: File) => {
    setError(null)
    setRunning({ name: file.name, percent: 0 })
    const result = await upload({ file, purpose, csrf, ...(entity && { entity }), ...(path && { path }), networkText: t('common.network'), onProgress: (percent) => setRunning({ name: file.name, percent }) })
    setRunning(null)
    if (result.ok) onStored(result, file)
    else setError(result.problems.map((problem) => problem.message).join('；') || t('form.upload.failed'))
  }, [csrf, entity, onStored, path, purpose, t])
  return { running, error, send }
}
