import type { FormContextType } from '@rjsf/utils'
import type { FormTarget, JsonObject } from '#app/gateway/contracts.server.ts'

/** What the fields of one form share. */
export interface FieldContext extends FormContextType {
  target: FormTarget
  /** path -> text of references and files already chosen */
  labels: Record<string, string>
  /** import the parameters belong to, when the form is an import's */
  importId?: string
  data: () => JsonObject
  /** changes several top-level fields at once, as if they had been typed */
  put: (values: JsonObject) => void
  /** defaults to offer beside a person's own values: path -> text */
  offers: Record<string, string>
  /** takes such a default */
  accept: (path: string) => void
  /** fields that hold typed text back for a moment; called before the data is read */
  flush: Set<() => void>
}

export const ID_PREFIX = 'f'

/** "f.majors.0.applied" -> "majors.0.applied" */
export const pathOf = (id: string): string => (id === ID_PREFIX ? '' : id.slice(ID_PREFIX.length + 1))
export const idOf = (path: string): string => (path ? `${ID_PREFIX}.${path}` : ID_PREFIX)
