import type { Tree } from './tree.ts'

/** A lending library without any finding: readers borrow copies of books, a process governs the loan. */
export const library = (): Tree => structuredClone({
  'seeds/families/core/family.json': { title: 'Core' },
  'forms/core/organisation/schema.json': { title: '机构', 'x-home': 'platform', properties: { name: { type: 'string', title: '机构名称', 'x-column': true } } },
  'forms/core/user/schema.json': { title: '用户', 'x-home': 'platform', properties: { name: { type: 'string', title: '姓名', 'x-column': true } } },
  'seeds/families/library/family.json': {
    title: '图书馆', extends: 'core', params: { loanDays: { type: 'integer', default: 30 } }, policies: { quota: { is: 'block' } },
    rules: { overdue: { args: { days: 'number' }, returns: 'boolean', expr: 'args.days > program.params.loanDays' } }, terms: { loan: { zh: '借阅', en: 'Loan' } }, hooks: { 'loan/after-return': null },
  },
  'seeds/families/library/roles.json': {
    librarian: { title: '馆员', portal: 'desk', orgKind: 'LIBRARY', assignable: ['reader'] },
    reader: { title: '读者', portal: 'reader', orgKind: 'LIBRARY', where: 'branch = user.org' },
  },
  'seeds/families/library/texts/loan.json': { 'loan-due': { zh: '请归还', subject: '到期' } },
  'forms/library/book/schema.json': {
    title: '图书', 'x-home': 'family',
    properties: {
      name: { type: 'string', title: '书名', 'x-column': true, 'x-required': true },
      branch: { type: 'string', title: '分馆', 'x-column': true, 'x-ref': { entity: 'core/organisation', label: 'name' } },
      kind: { type: 'string', title: '类别', enum: ['NOVEL', 'ATLAS'], 'x-column': true },
      price: { type: 'number', title: '价格', multipleOf: 0.01, 'x-column': true },
      authors: { type: 'array', title: '作者', items: { type: 'object', properties: { name: { type: 'string', title: '姓名' } } } },
      lent: { type: 'integer', title: '在借', 'x-compute': { at: 'read', expr: 'count(loans[item.returned = false])' } },
    },
  },
  'forms/library/book/form.json': {
    title: '图书管理', scope: { branch: 'branch' },
    lists: { books: { columns: { name: 'name', kind: 'kind', lent: 'lent' }, filters: { kind: 'kind', branch: 'branch' }, sort: '-createdAt' } },
    access: { librarian: ['read', 'create', 'edit'], reader: 'read' },
  },
  'forms/library/loan/schema.json': {
    title: '{term.loan}', 'x-label': 'number',
    properties: {
      book: { type: 'string', title: '图书', 'x-required': true, 'x-column': true, 'x-ref': { entity: 'book', inverse: 'loans', copy: { bookThen: 'name kind' } } },
      bookThen: { type: 'object', title: '借出时', properties: { name: { type: 'string', title: '书名', 'x-column': true } } },
      reader: { type: 'string', title: '证件号', 'x-sensitive': 'idNumber' },
      number: { type: 'string', title: '单号', 'x-column': true, 'x-number': '{now:yyyy}{seq:5}' },
      dueAt: { type: 'string', format: 'date-time', title: '应还', 'x-column': true },
      returned: { type: 'boolean', title: '已还', default: false, 'x-column': true },
      slip: { type: 'string', title: '借条', 'x-file': 'image' },
      tags: { type: 'array', title: '标签', 'x-column': true, items: { type: 'string' } },
      status: { type: 'string', title: '状态', 'x-governor': 'process', 'x-states': { OUT: { zh: '借出' }, BACK: { zh: '已还' } } },
    },
    'x-unique': { once: { fields: ['book', 'reader'], where: 'returned = false', message: '已借此书' } },
    'x-limit': { shelf: { of: 'book', if: 'item.returned = false', count: true, max: '3', policy: 'quota', message: '最多{max}册' } },
    'x-rules': { known: { must: 'book != null', message: '请选择图书', path: 'book' } },
  },
  'forms/library/loan/form.json': {
    title: { zh: '{term.loan}管理', en: '{term.loan}s' }, process: 'loan', scope: { branch: 'book.branch' },
    lists: {
      loans: {
        columns: { number: 'number', book: { path: 'book.name' }, who: { title: '读者', group: ['reader', 'bookThen.name'] }, status: 'status' },
        filters: { status: 'status', reader: 'reader', dueAt: 'dueAt', number: 'number', book: 'book' }, tabs: 'status', where: 'returned = false',
      },
    },
    imports: {
      sheet: {
        title: '导入', columns: { book: '书名', reader: { title: '证件号', 'x-required': true } }, key: ['reader'],
        lookup: { found: { in: 'book', where: 'item.name = row.book', message: '没有 {row.book}' } }, rules: { named: { must: 'found != null', path: 'book', message: '没有这本书' } }, set: { book: 'found.id', reader: 'row.reader' },
      },
    },
    exports: { all: { list: 'loans' } },
    reports: { perKind: { from: 'loan', groupBy: 'book.kind', measures: { n: 'count()' } } },
    actions: { renew: { title: '续借', set: { dueAt: 'dueAt + duration("P30D")' }, if: 'returned = false' } },
    documents: { slip: { template: 'slip', title: '借条' } },
    edit: { open: { if: 'returned = false', role: 'librarian', fields: 'dueAt tags' } },
    access: { librarian: { can: 'read create import:sheet action:renew' }, reader: { can: 'read', fields: { reader: { hidden: 'returned' } } } },
  },
  'workflows/library/loan/loan.bpmn': '<definitions/>',
  'templates/library/slip/template.json': { title: '借条', entity: 'loan', data: { number: 'number', title: { path: 'book.name' } } },
  'templates/library/slip/template.hbs': '<p>{{number}} {{title}}</p>',
  'seeds/reference/records/organisation.json': { key: 'name', records: { main: { name: '总馆' } } },
  'seeds/demo/one/demo.json': { title: '一馆', notes: 'One branch, one book.' },
  'seeds/demo/one/records/book.json': { key: ['name'], records: { atlas: { name: '地图集', branch: '$organisation.main', kind: 'ATLAS' } } },
})
