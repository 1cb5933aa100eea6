import type { Button, Choice, ListColumn, ListRow } from '#server/services.ts'

/** Rows of a made-up library, for tests of the generic screens. */
export interface Loan { id: string; rev: number; number: string; title: string; reader: string; branch: string; status: string; due: string; copies: number; fee: number; tags: string[] }

export const STATES: (Choice & { value: string })[] = [
  { value: 'DRAFT', label: '未提交' },
  { value: 'REVIEW', label: '待审核', colour: 'orange' },
  { value: 'LENT', label: '已借出', colour: 'blue' },
  { value: 'BACK', label: '已归还', colour: 'green' },
  { value: 'LOST', label: '已遗失', colour: 'red' },
]
const TITLES = ['机械制图（第七版）', '数据库系统概论', '汽车构造与拆装实训教程', '财务管理案例', '老年照护基础', '网络安全评估指南', '建筑信息模型应用', '物流管理实务']
const READERS = ['张晓梅', '李建国', '欧阳静怡', '王磊', '赵敏', '陈立群', '刘洋', '阿依古丽·买买提']
export const BRANCHES: Choice[] = [{ value: '1', label: '总馆' }, { value: '2', label: '东校区分馆' }, { value: '3', label: '南湖分馆' }]

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T

export const makeLoans = (count: number): Loan[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(1000 + index), rev: 1, number: `JY2026${String(index + 1).padStart(5, '0')}`, title: at(TITLES, index), reader: at(READERS, index * 3 + 1), branch: at(BRANCHES, index).value, status: at(STATES, index * 2 + (index % 3)).value,
    due: `2026-12-${String((index % 27) + 1).padStart(2, '0')}T09:30:00Z`, copies: (index % 4) + 1, fee: (index % 5) * 1250, tags: index % 2 ? ['急用'] : ['教材', '馆际互借'],
  }))

export const columns: ListColumn[] = [
  { id: 'number', title: '借阅编号', kind: 'text', sortable: true, width: 150, fixed: 'left' },
  { id: 'book', title: '图书信息', kind: 'text', sortable: false, width: 280, group: [{ id: 'title', title: '书名' }, { id: 'branch', title: '馆藏地' }] },
  { id: 'reader', title: '读者', kind: 'text', sortable: true, width: 140 },
  { id: 'copies', title: '册数', kind: 'number', sortable: true, width: 90 },
  { id: 'fee', title: '押金', kind: 'money', sortable: false, width: 110 },
  { id: 'due', title: '应还时间', kind: 'date-time', sortable: true, width: 160 },
  { id: 'tags', title: '标签', kind: 'list', sortable: false, width: 170 },
  { id: 'status', title: '状态', kind: 'state', sortable: false, width: 110 },
]

export const button = (id: string, title: string, kind: Button['kind'], more: Partial<Button> = {}): Button => ({ id, title, kind, style: 'default', ...more })

export const rowButtons = (loan: Loan): Button[] => [
  button('edit', '编辑', 'edit', loan.status === 'DRAFT' ? {} : { disabled: ['已提交的借阅不能编辑'] }),
  ...(loan.status === 'REVIEW' ? [button('pass', '通过', 'outcome', { style: 'primary', comment: 'optional', confirm: '通过后通知读者到馆取书。' }), button('return', '退回', 'outcome', { style: 'danger', comment: 'required' })] : []),
  button('slip', '借阅单', 'document'),
  button('remove', '删除', 'delete', { style: 'danger', ...(loan.status === 'DRAFT' ? {} : { disabled: ['只能删除未提交的借阅', '该借阅已生成押金记录'] }) }),
]

export const stateOf = (code: string): Choice => STATES.find((state) => state.value === code) ?? { value: code, label: code }
export const branchOf = (id: string): string => BRANCHES.find((branch) => branch.value === id)?.label ?? id

export const toRow = (loan: Loan): ListRow => {
  const state = stateOf(loan.status)
  return {
    id: loan.id, rev: loan.rev, entity: 'lib/loan', href: `/r/lib/loan/${loan.id}`, buttons: rowButtons(loan),
    cells: {
      number: { text: loan.number }, book: [{ text: loan.title }, { text: branchOf(loan.branch) }], reader: { text: loan.reader }, copies: { text: String(loan.copies), kind: 'number' }, fee: { text: (loan.fee / 100).toFixed(2), kind: 'money' },
      due: { text: loan.due, kind: 'date-time' }, tags: { text: loan.tags.join('、'), kind: 'list', items: loan.tags }, status: { text: state.label, kind: 'state', ...(state.colour && { colour: state.colour }) },
    },
  }
}
