import type { Locator, Page } from 'playwright-core'

/** Follows an entry of the menu to its list. */
export async function openList(page: Page, title: string): Promise<void> {
  await page.getByRole('navigation', { name: '菜单' }).getByRole('link', { name: title, exact: true }).click()
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
}

/** The row that shows all the texts. */
export const rowWith = (page: Page, ...texts: string[]): Locator =>
  texts.reduce((rows, text) => rows.filter({ hasText: text }), page.locator('tbody tr.ant-table-row'))

export async function openTab(page: Page, title: string): Promise<void> {
  await page.getByRole('tab', { name: title }).click()
}

/** Opens the record of a row by its first link. */
export async function openRow(page: Page, ...texts: string[]): Promise<void> {
  await rowWith(page, ...texts).first().locator('a.row-link, a').first().click()
  await page.locator('.record-page').waitFor()
}

/** Chooses the value of a reference filter and applies it. */
export async function filterBy(page: Page, title: string, text: string): Promise<void> {
  const bar = page.getByRole('search')
  const control = bar.getByLabel(title, { exact: false }).first()
  await control.click()
  await control.fill(text)
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: text }).first().click()
  await page.keyboard.press('Escape')
  await bar.getByRole('button', { name: '查询' }).click()
}

export async function tickAll(page: Page): Promise<void> {
  await page.locator('thead .ant-checkbox-input').first().check()
}
