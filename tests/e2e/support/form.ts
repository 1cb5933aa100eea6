import type { Locator, Page } from 'playwright-core'

type Place = Page | Locator
const pageOf = (place: Place): Page => ('page' in place ? place.page() : place)

/** Types into a text or number field. */
export async function type(place: Place, label: string, text: string): Promise<void> {
  const field = place.getByRole('textbox', { name: label, exact: true }).or(place.getByRole('spinbutton', { name: label, exact: true }))
  await field.fill(text)
}

/** The drop-down that belongs to a box: others may still be closing. */
export async function optionsOf(place: Place, box: Locator): Promise<Locator> {
  const list = await box.getAttribute('aria-controls')
  return pageOf(place).locator('.ant-select-dropdown').filter({ has: pageOf(place).locator(`[id="${list}"]`) }).locator('.ant-select-item-option')
}

/** Chooses in a select or reference picker by typing a part of the name. */
export async function pick(place: Place, label: string, text: string): Promise<void> {
  const box = place.getByRole('combobox', { name: label, exact: true })
  await box.click()
  await box.fill(text)
  await (await optionsOf(place, box)).filter({ hasText: text }).first().click()
}

/** Chooses province, city and district, one after the other, in their one chooser. */
export async function pickRegion(place: Place, label: string, names: readonly string[]): Promise<void> {
  await place.getByRole('combobox', { name: label, exact: true }).click()
  const menus = pageOf(place).locator('.ant-cascader-menu:visible')
  for (const [level, name] of names.entries()) await menus.nth(level).getByRole('menuitemcheckbox', { name }).first().click()
}

/** Writes into a rich-text editor as a person types. */
export async function write(place: Place, label: string, text: string): Promise<void> {
  await place.getByRole('textbox', { name: label, exact: true }).click()
  await pageOf(place).keyboard.type(text)
}

/** Until what it stands in has come in: on a busy machine a dialog may stand still for two frames before it grows, and a press would miss. */
const hasComeIn = (button: Locator): Promise<void> => button.evaluate(async (element) => {
  const until = performance.now() + 3_000
  const moves = (): boolean => { for (let at: Element | null = element; at; at = at.parentElement) if (/\bant-(zoom|fade|slide|move|panel-motion)[\w-]*-(appear|enter)\b/.test(at.getAttribute('class') ?? '')) return true; return false }
  while (moves() && performance.now() < until) await new Promise(requestAnimationFrame)
})

export async function press(place: Place, name: string): Promise<void> {
  const button = place.getByRole('button', { name, exact: true })
  await hasComeIn(button)
  await button.click()
}

/** The dialog that is open, found by its title. */
export const dialog = (page: Page, title: string): Locator => page.getByRole('dialog', { name: title })

/** From a list to the form of a new record. */
export async function create(page: Page, title: string): Promise<void> {
  await press(page.locator('.page-header'), title)
  await page.locator('.form-page').waitFor()
}

/** From a record's page to its form. */
export async function edit(page: Page): Promise<void> {
  await press(page, '编辑')
  await page.locator('.form-page').waitFor()
}

/** The record's page says that it stands there. */
export const stands = (page: Page, state: string): Promise<void> => page.locator('.record-states').getByText(state, { exact: true }).waitFor()

/** Presses a button that asks once more, and says yes. */
export async function pressAndConfirm(place: Place, name: string): Promise<void> {
  await press(place, name)
  const asking = dialog(pageOf(place), name)
  await press(asking, name)
  await asking.waitFor({ state: 'hidden' })
}

/** The value of a field on a record's page. */
export const valueOf = (page: Page, title: string): Locator => page.locator('.fields > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${title}$`) }) }).locator('dd')
