import type { FormTarget, FormView } from '#server/services.ts'
import { BRANCHES, button } from './loans.ts'

/** A form that uses every kind of field once. */
export const loanForm = (target: FormTarget, data: FormView['data']): FormView => ({
  entity: 'lib/loan',
  ...(target.id && { id: target.id, rev: 1 }),
  title: target.id ? '编辑借阅申请' : '新建借阅申请',
  schema: {
    type: 'object',
    required: ['title', 'reader', 'branch', 'period', 'copies'],
    properties: {
      title: { type: 'string', title: '书名', minLength: 2, maxLength: 60, description: '按封面全称填写' },
      reader: { type: 'string', title: '读者' },
      branch: { type: 'string', title: '取书地点', oneOf: BRANCHES.map((branch) => ({ const: branch.value, title: branch.label })) },
      kind: { type: 'string', title: '借阅类型', oneOf: ['普通', '馆际互借', '教师指定', '阅览', '其他'].map((label, index) => ({ const: `K${index}`, title: label })) },
      region: { type: 'string', title: '所在地区' },
      copies: { type: 'integer', title: '册数', minimum: 1, maximum: 20 },
      fee: { type: 'integer', title: '押金' },
      period: { type: 'object', title: '借阅时间', properties: { start: { type: 'string', format: 'date-time' }, end: { type: 'string', format: 'date-time' } } },
      pickup: { type: 'string', format: 'date', title: '取书日期' },
      urgent: { type: 'boolean', title: '急用，请优先处理' },
      ...(data.urgent === true && { reason: { type: 'string', title: '急用原因', maxLength: 100 } }),
      note: { type: 'string', title: '说明', maxLength: 500 },
      summary: { type: 'string', title: '内容简介' },
      volumes: { type: 'array', title: '册目明细', items: { type: 'object', required: ['barcode'], properties: { barcode: { type: 'string', title: '条码' }, name: { type: 'string', title: '册名' }, state: { type: 'string', title: '品相', oneOf: [{ const: 'A', title: '完好' }, { const: 'B', title: '轻微磨损' }] }, pages: { type: 'integer', title: '页数', minimum: 1 } } } },
      cover: { type: 'string', title: '封面照片' },
      papers: { type: 'array', title: '证明材料', items: { type: 'string' } },
    },
  },
  uiSchema: {
    'ui:sections': [
      { id: 'basic', title: '基本信息', fields: ['title', 'reader', 'branch', 'kind', 'region', 'copies', 'fee'] },
      { id: 'time', title: '时间安排', fields: ['period', 'pickup', 'urgent', 'reason'] },
      { id: 'detail', title: '图书明细', help: '逐册登记条码；可从 Excel 粘贴。', fields: ['volumes', 'note', 'summary'] },
      { id: 'files', title: '附件', fields: ['cover', 'papers'] },
    ],
    reader: { 'ui:widget': 'ref' }, region: { 'ui:widget': 'region' }, fee: { 'ui:widget': 'money' }, note: { 'ui:widget': 'textarea' }, summary: { 'ui:widget': 'rich' },
    copies: { 'ui:options': { unit: '册' } },
    cover: { 'ui:widget': 'image', 'ui:options': { accept: ['.jpg', '.png'], maxBytes: 5_242_880, pixels: '295×413' } }, papers: { 'ui:widget': 'file', 'ui:options': { accept: ['.pdf', '.doc', '.docx'], maxBytes: 20_971_520 } },
  },
  data,
  labels: { reader: '张晓梅' },
  live: ['urgent', 'copies'],
  buttons: [button('save', '保存', 'save'), button('submit', '保存并提交', 'outcome', { style: 'primary', confirm: '提交后由馆员审核，审核前可以撤回。' })],
})

export const passForm = (): FormView => ({
  entity: 'lib/loan', title: '登记借出', schema: { type: 'object', required: ['desk'], properties: { desk: { type: 'string', title: '办理窗口' }, count: { type: 'integer', title: '实借册数', minimum: 1 } } },
  uiSchema: {}, data: {}, labels: {}, live: [], buttons: [],
})
