import { accounts } from './accounts.ts'
import { apiTokens } from './api-tokens.ts'
import { auditSealMembers } from './audit-seal-members.ts'
import { audit } from './audit.ts'
import { calls } from './calls.ts'
import type { Migration } from './builder.ts'
import { definitions } from './definitions.ts'
import { files } from './files.ts'
import { history } from './history.ts'
import { jobs } from './jobs.ts'
import { keys } from './keys.ts'
import { ledger } from './ledger.ts'
import { messages } from './messages.ts'
import { outbox } from './outbox.ts'
import { processes } from './processes.ts'
import { taskMoves } from './task-moves.ts'

/** In order. A released migration is never changed: add another. */
export const migrations: Migration[] = [definitions, processes, history, jobs, files, audit, keys, accounts, messages, ledger, calls, outbox, apiTokens, auditSealMembers, taskMoves]
