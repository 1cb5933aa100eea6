import { describe, expect, it } from 'vitest'
import { useBrowser } from './support/browser.ts'
import { useFolder } from './support/files.ts'
import { create, dialog, pick, press, stands, type } from './support/form.ts'
import { openList, openRow } from './support/list.ts'

const browser = useBrowser()
const files = useFolder()

describe('an exam site', () => {
  it('is applied for with the signed form, and approved', async () => {
    const school = await browser.signIn('other')
    await openList(school, '考核站点申报')
    await create(school, '申报考核站点')
    await pick(school, '申报对象', '中教')
    await pick(school, '考核证书', '中级')
    await school.keyboard.press('Escape')
    await type(school, '详细地址', '北京市大兴区示范路2号')
    await type(school, '联系人', '冯二')
    await type(school, '联系电话', '13800000104')
    await type(school, '考核站点简介', '标准化考场1间，考位40个')
    await press(school, '提交并保存')
    await school.getByRole('alert').filter({ hasText: '有 1 处需要修改' }).waitFor()
    await school.locator('.form-section').last().locator('input[type=file]').first().setInputFiles(await files.sample('form.pdf'))
    await school.getByRole('link', { name: 'form.pdf' }).waitFor()
    await browser.picture(school, 'site-form')
    await press(school, '提交并保存')
    await stands(school, '待审核')

    const evaluation = await browser.signIn('itmc')
    await openList(evaluation, '考核站点申报')
    await openRow(evaluation, '京南示范商贸学院')
    const form = await files.download(evaluation, evaluation.getByRole('link', { name: 'form.pdf' }))
    expect(form.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    await press(evaluation, '通过')
    await press(dialog(evaluation, '通过'), '通过')
    // a warning of the programme does not stop the review, and does not go unseen
    await dialog(evaluation, '通过').getByText('尚未逐项核对考场条件').waitFor()
    await dialog(evaluation, '通过').getByRole('button', { name: '关闭', exact: true }).last().click()
    await stands(evaluation, '审核通过')
  })
})
