import type { Locator, Page } from 'playwright-core'

type Place = Page | Locator
const pageOf = (place: Place): Page => ('page' in place ? place.page() : place)

/** Types into a text or number field. */
export async function type(place: Place, label: string, text: string): Promise<void> {
  const field = place.getByRole('textbox', { name: label, exact: true }).or(place.getByRole('spinbutton', { name: label, exact: true }))
  await field.fill(text)
}

/** Chooses in a select or reference picker by typing a part of the name. */
export async function pick(place: Place, label: string, text: string): Promise<void> {
  const box = place.getByRole('combobox', { name: label, exact: true })
  await box.click()
  await box.fill(text)
  await pageOf(place).locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: text }).first().click()
}

/** Writes into a rich-text editor as a person types. */
export async function write(place: Place, label: string, text: string): Promise<void> {
  await place.getByRole('textbox', { name: label, exact: true }).click()
  await pageOf(place).keyboard.type(text)
}

export async function press(place: Place, name: string): Promise<void> {
  await place.getByRole('button', { name, exact: true }).click()
}

/** The dialog that is open, found by its title. */
export const dialog = (page: Page, title: string): Locator => page.getByRole('dialog', { name: title })

/** From a record's page to its form. */
export async function edit(page: Page): Promise<void> {
  await press(page, '编辑')
  await page.locator('.form-page').waitFor()
}

/** The record's page says that it stands there. */
export const stands = (page: Page, state: string): Promise<void> => page.locator('.record-states').getByText(state, { exact: true }).waitFor()
