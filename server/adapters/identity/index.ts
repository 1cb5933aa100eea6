import { z } from 'zod'
import type { Clock } from '#server/platform/clock.ts'
import { remote } from '../http/address.ts'
import { embeddedIdentity } from './embedded.ts'
import type { IdentityPort } from './port.ts'
import { remoteIdentity } from './remote.ts'

export type { IdentityPort, Person } from './port.ts'
export const IdentitySettings = z.union([z.strictObject(remote), z.strictObject({ mismatch: z.array(z.string()).optional(), fail: z.boolean().optional() })])
export const createIdentity = (settings: z.infer<typeof IdentitySettings>, clock: Clock): IdentityPort => ('url' in settings ? remoteIdentity(settings, clock) : embeddedIdentity(settings, clock))
