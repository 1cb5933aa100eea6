import { Theme } from '@rjsf/antd'
import { withTheme } from '@rjsf/core'
import type { RJSFSchema } from '@rjsf/utils'
import validator from '@rjsf/validator-ajv8'
import { createElement, type ComponentType } from 'react'
import { createRoot } from 'react-dom/client'

/** The library's own form for the same schema and data, as its documentation shows it. */
const Form = withTheme(Theme) as unknown as ComponentType<{ schema: RJSFSchema; formData: unknown; validator: unknown; idPrefix: string; idSeparator: string }>
const given = (window as unknown as { given: { schema: RJSFSchema; data: unknown } }).given
createRoot(document.getElementById('root')!).render(createElement(Form, { schema: given.schema, formData: given.data, validator, idPrefix: 'f', idSeparator: '.' }))
