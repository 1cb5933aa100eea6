import type { Locator, Page } from 'playwright-core'
import { pick, press } from './form.ts'

const DONE_MS = 60_000

/** Chooses an importer of the list: a menu of its own, or one among several. */
export async function openImport(page: Page, title: string): Promise<Locator> {
  const toolbar = page.locator('.page-header')
  const own = toolbar.getByRole('button', { name: title, exact: false })
  if (await own.count()) {
    await own.click()
    await page.getByRole('menuitem', { name: '导入', exact: true }).click()
  } else {
    await toolbar.getByRole('button', { name: /^导入/ }).click()
    await page.getByRole('menuitem', { name: title, exact: true }).click()
  }
  const drawer = page.getByRole('dialog', { name: title })
  await drawer.getByRole('button', { name: '下一步' }).waitFor()
  return drawer
}

/** Goes on to the upload, filling the importer's parameters. */
export async function toUpload(drawer: Locator, params: Record<string, string> = {}): Promise<void> {
  await press(drawer, '下一步')
  for (const [label, text] of Object.entries(params)) await pick(drawer, label, text)
  if (Object.keys(params).length || await drawer.locator('.schema-form').count()) await press(drawer, '下一步')
}

/** Uploads, looks at the preview, starts, and waits for the end; answers the counts as they are shown. */
export async function runImport(drawer: Locator, file: string): Promise<string> {
  await drawer.locator('input[type=file]').setInputFiles(file)
  await drawer.getByText('列对应完整', { exact: false }).or(drawer.getByText('前 ', { exact: false })).first().waitFor()
  await press(drawer, '开始导入')
  const counts = drawer.locator('.job-counts')
  await counts.waitFor({ timeout: DONE_MS })
  return counts.innerText()
}
