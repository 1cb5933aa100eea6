import { createContext, useContext } from 'react'
import type { Button } from '#app/gateway/contracts.server.ts'
import type { Subject } from './subject.ts'

export interface Actions {
  /** does what the button is for, with whatever dialog that needs */
  press: (button: Button, subject: Subject) => void
  /** id of the button whose call is running, or whose result the page does not show yet */
  busy: string | null
}

export const ActionsContext = createContext<Actions | null>(null)

export const useActions = (): Actions => {
  const actions = useContext(ActionsContext)
  if (!actions) throw new Error('useActions is called outside ActionsProvider')
  return actions
}
