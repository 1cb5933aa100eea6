import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { AppError } from '#server/platform/errors.ts'
import type { JsonObject } from '#server/platform/json.ts'
import { redactText } from '#server/platform/log.ts'
import type { JobType } from './types.ts'

export interface JobRegistry {
  add(type: JobType): void
  get(type: string): JobType
  find(type: string): JobType | undefined
  all(): JobType[]
  /** throws INPUT_INVALID when the payload does not fit the type's schema or holds a personal number */
  check(type: string, payload: JsonObject): void
}

export const createRegistry = (types: readonly JobType[]): JobRegistry => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  ;(formats as unknown as (a: Ajv) => void)(ajv)
  const known = new Map<string, JobType>()
  const validators = new Map<string, ValidateFunction>()
  const get = (type: string): JobType => {
    const found = known.get(type)
    if (!found) throw new AppError('JOB_TYPE_UNKNOWN', { type })
    return found
  }
  const registry: JobRegistry = {
    add(type) {
      if (known.has(type.type)) throw new TypeError(`job type ${type.type} is declared twice`)
      known.set(type.type, type)
    },
    get,
    find: (type) => known.get(type),
    all: () => [...known.values()],
    check(type, payload) {
      let validate = validators.get(type)
      if (!validate) { validate = ajv.compile(get(type).input); validators.set(type, validate) }
      const where = `job ${type}`
      if (!validate(payload)) throw new AppError('INPUT_INVALID', { where, reason: ajv.errorsText(validate.errors, { dataVar: 'payload' }) })
      const text = JSON.stringify(payload)
      if (redactText(text) !== text) throw new AppError('INPUT_INVALID', { where, reason: 'the payload holds a personal number; pass the id of its record' })
    },
  }
  for (const type of types) registry.add(type)
  return registry
}
