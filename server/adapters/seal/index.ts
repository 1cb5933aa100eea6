import { z } from 'zod'
import type { Clock } from '#server/platform/clock.ts'
import { remote } from '../http/address.ts'
import { embeddedSeal } from './embedded.ts'
import type { SealPort } from './port.ts'
import { remoteSeal } from './remote.ts'

export type { SealPort } from './port.ts'
export const SealSettings = z.union([z.strictObject(remote), z.strictObject({ fail: z.boolean().optional() })])
export const createSeal = (settings: z.infer<typeof SealSettings>, clock: Clock): SealPort => ('url' in settings ? remoteSeal(settings, clock) : embeddedSeal(settings))
