import type { Button } from '#app/gateway/contracts.server.ts'
import type { Outcome } from './outcome.ts'
import type { Subject } from './subject.ts'

export interface DialogProps { button: Button; subject: Subject; onClose: () => void; onDone: (title: string, outcome: Outcome) => void }
