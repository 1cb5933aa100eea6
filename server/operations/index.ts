import type { Operation } from '#server/runtime/contracts.ts'
import { openCandidate } from './account/open-candidate.ts'
import { resetPassword } from './account/reset-password.ts'
import { verify } from './identity/verify.ts'
import { stamp } from './issuance/stamp.ts'
import { anchor } from './ledger/anchor.ts'
import { arrange } from './seating/arrange.ts'

/** Every operation of this folder; a test keeps the list and the folder in step. */
export const OPERATIONS: Operation[] = [openCandidate, resetPassword, verify, stamp, anchor, arrange]
