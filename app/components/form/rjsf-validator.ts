import { Validator, type Schema } from '@cfworker/json-schema'
import type { RJSFSchema, ValidatorType } from '@rjsf/utils'

/** What rjsf itself asks of a validator (which branch of an anyOf fits); the form's own checking is `validateData`. */
export const rjsfValidator: ValidatorType = {
  isValid: (schema: RJSFSchema, data: unknown, root: RJSFSchema) => new Validator({ ...schema, definitions: root.definitions, $defs: root.$defs } as Schema, '2020-12').validate(data ?? {}).valid,
  rawValidation: () => ({ errors: [] }),
  validateFormData: () => ({ errors: [], errorSchema: {} }),
}
