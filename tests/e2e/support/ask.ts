import type { APIResponse, Page } from 'playwright-core'

/** The token of the open page. */
export const csrfOf = (page: Page): Promise<string> => page.locator('input[name="csrf"]').first().inputValue()

/** Calls an endpoint past the screens, with the session of the page. */
export const ask = (page: Page, path: string, data: object, csrf?: string): Promise<APIResponse> => page.request.post(`/x/${path}`, { data, headers: { ...(csrf && { 'x-csrf': csrf }) } })
