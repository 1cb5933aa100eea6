import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Actor, FormView, JobView, Lang, ListView, Problem, RecordView, Result, Services, StoredFile } from '#server/services.ts'
import { loanForm, passForm } from './web/loan-form.ts'
import { BRANCHES, branchOf, button, columns, makeLoans, rowButtons, STATES, stateOf, toRow, type Loan } from './web/loans.ts'
import { loanProcess } from './web/process-xml.ts'

const refuse = (status: number, code: string, ...messages: string[]): Extract<Result<object>, { ok: false }> => ({ ok: false, code, status, problems: messages.map((message): Problem => ({ code, message })) })
const NONE = refuse(404, 'NOT_FOUND', '没有找到这条数据，可能已被删除')

const stored = (name: string, mime: string, content: Buffer): StoredFile => ({ id: randomUUID(), name, mime, bytes: content.length, open: async () => Readable.from([content]) })

export interface FakeOptions { now?: () => number; jobMs?: number; loans?: number }

/**
 * The services of a small library, kept in memory: for tests of the web alone.
 * Accounts: desk (signed in at once), reader (a phone user), new (must change the password); the password is always "secret123".
 */
export const createFakeServices = ({ now = Date.now, jobMs = 2500, loans: count = 137 }: FakeOptions = {}): Services & { calls: { name: string; args: unknown[] }[] } => {
  const loans = new Map(makeLoans(count).map((loan) => [loan.id, loan]))
  const sessions = new Map<string, { actor: Actor; csrf: string }>()
  const files = new Map<string, StoredFile>()
  const jobs = new Map<string, { started: number; view: JobView; finish: () => JobView['result'] }>()
  const signatures = new Map<string, { count: number; drawn: boolean; at: number }>()
  const calls: { name: string; args: unknown[] }[] = []
  const note = (name: string, ...args: unknown[]): void => { calls.push({ name, args }) }

  const actor = (account: string, lang: Lang): Actor => ({
    userId: account, account, name: account === 'reader' ? '陈小雨' : '周文华', role: account === 'reader' ? 'reader' : 'desk', roleTitle: account === 'reader' ? '读者' : '流通馆员', portal: account === 'reader' ? 'reader' : 'library', orgId: '1', orgName: '市图书馆总馆', programme: 'city', lang, mustChangePassword: account === 'new',
  })
  const keep = (file: StoredFile): StoredFile => {
    files.set(file.id, file)
    return file
  }
  const startJob = (type: string, title: string, total: number, finish: () => JobView['result']): string => {
    const id = String(jobs.size + 1)
    jobs.set(id, { started: now(), finish, view: { id, type, title, state: 'waiting', done: 0, total, startedBy: '周文华', createdAt: new Date(now()).toISOString() } })
    return id
  }
  const jobView = (id: string): JobView | null => {
    const job = jobs.get(id)
    if (!job) return null
    const part = Math.min(1, (now() - job.started) / jobMs)
    if (job.view.state === 'cancelled' || job.view.state === 'done') return job.view
    const running: JobView = { ...job.view, state: part < 1 ? 'running' : 'done', done: Math.floor(job.view.total * part), ...(part < 1 ? { ratePerSecond: (job.view.total / jobMs) * 1000, secondsLeft: Math.ceil(((1 - part) * jobMs) / 1000) } : { result: job.finish(), finishedAt: new Date(now()).toISOString() }) }
    if (part >= 1) job.view = running
    return running
  }
  const find = (filters: Record<string, string> = {}, search = '', tab = ''): Loan[] =>
    [...loans.values()].filter((loan) => (!tab || loan.status === tab) && (!search || loan.title.includes(search) || loan.reader.includes(search) || loan.number.includes(search)) && (!filters.branch || loan.branch === filters.branch) && (!filters.reader || loan.reader.includes(filters.reader)) && (!filters.status || filters.status.split(',').includes(loan.status)))

  return {
    calls,
    session: {
      signIn: async ({ account, password, lang }) => {
        if (password !== 'secret123') return refuse(401, 'SIGN_IN_FAILED', '账号或密码不正确。连续输错 5 次将锁定 15 分钟。')
        const token = randomUUID()
        const csrf = randomUUID()
        const who = actor(account, lang ?? 'zh')
        sessions.set(token, { actor: who, csrf })
        return { ok: true, token, csrf, mustChangePassword: who.mustChangePassword, home: account === 'reader' ? '/me' : '/' }
      },
      resolve: async (token) => sessions.get(token ?? '') ?? null,
      signOut: async (token) => { sessions.delete(token) },
      changePassword: async (who, { current, next }) => {
        if (current !== 'secret123') return refuse(400, 'PASSWORD_WRONG', '当前密码不正确')
        if (next.length < 8) return refuse(400, 'PASSWORD_SHORT', '新密码至少 8 位')
        for (const session of sessions.values()) if (session.actor.userId === who.userId) session.actor = { ...session.actor, mustChangePassword: false }
        return { ok: true }
      },
      setLang: async (token, lang) => { const session = sessions.get(token); if (session) session.actor = { ...session.actor, lang } },
      setProgramme: async (token, programme) => { const session = sessions.get(token); if (session) session.actor = { ...session.actor, programme } },
    },
    shell: async (who) => ({
      portalTitle: who.portal === 'reader' ? '我的图书馆' : '图书馆业务平台', programmeTitle: '2026 年秋季借阅', programmes: [{ id: 'city', title: '2026 年秋季借阅' }, { id: 'county', title: '2026 年流动书车' }],
      menu: [{ id: 'lend', title: '流通管理', items: [{ id: 'loan', title: '借阅管理', href: '/l/lib/loan', count: find({}, '', 'REVIEW').length }, { id: 'overdue', title: '超期催还', href: '/l/lib/loan?list=overdue' }] }, { id: 'system', title: '系统管理', items: [{ id: 'imports', title: '导入记录', href: '/imports' }] }],
      tasks: find({}, '', 'REVIEW').length, notifications: 2, zone: 'Asia/Shanghai',
    }),
    dashboard: async () => ({
      tasks: { total: find({}, '', 'REVIEW').length, items: find({}, '', 'REVIEW').slice(0, 5).map((loan, index) => ({ id: loan.id, entity: 'lib/loan', record: loan.id, title: `${loan.number} ${loan.title}`, what: '审核借阅申请', status: '待审核', programme: '2026 年秋季借阅', since: '2026-11-20T01:10:00Z', due: `2026-11-${21 + index}T10:00:00Z`, overdue: index === 0, href: `/r/lib/loan/${loan.id}` })) },
      figures: [{ id: 'all', title: '本季借阅', value: String(loans.size), href: '/l/lib/loan' }, ...STATES.slice(1).map((state) => ({ id: state.value, title: state.label, value: String(find({}, '', state.value).length), href: `/l/lib/loan?tab=${state.value}` }))],
      timeline: [{ title: '秋季借阅', href: '/l/lib/loan', phases: [{ title: '开放申请', from: '2026-09-01T00:00:00Z', to: '2026-10-31T15:59:00Z', state: 'past' }, { title: '集中借阅', from: '2026-11-01T00:00:00Z', to: '2026-12-20T15:59:00Z', state: 'now' }, { title: '期末还书', from: '2026-12-21T00:00:00Z', to: '2027-01-15T15:59:00Z', state: 'future' }] }],
      charts: [
        { id: 'branch', title: '各馆借阅量', kind: 'bar', columns: ['馆', '借出', '归还'], rows: BRANCHES.map((branch, index) => [branch.label, 1200 - index * 310, 900 - index * 250]) },
        { id: 'state', title: '状态分布', kind: 'pie', columns: ['状态', '数量'], rows: STATES.map((state) => [state.label, find({}, '', state.value).length]) },
        { id: 'week', title: '每周借阅', kind: 'line', columns: ['周', '借阅量'], rows: [46, 47, 48, 49, 50, 51].map((week, index) => [`第${week}周`, 120 + ((index * 53) % 90)]) },
      ],
    }),
    list: async (_who, entity, list, query) => {
      note('list', entity, list, query)
      if (entity !== 'lib/loan') return refuse(404, 'ENTITY_UNKNOWN', '没有找到这个列表')
      const overdue = list === 'overdue'
      const found = find(query.filters, query.search, query.tab)
      const [page, size] = [query.page ?? 1, query.size ?? 20]
      const view: ListView = {
        entity, list: overdue ? 'overdue' : 'loan', title: overdue ? '超期催还' : '借阅管理', lists: [{ id: 'loan', title: '借阅申请' }, { id: 'overdue', title: '超期催还' }], columns,
        filters: [
          { id: 'status', title: '状态', kind: 'select', options: STATES, ...(query.filters?.status && { value: query.filters.status }) },
          { id: 'branch', title: '取书地点', kind: 'ref', ...(query.filters?.branch && { value: query.filters.branch, label: branchOf(query.filters.branch) }) },
          { id: 'reader', title: '读者', kind: 'text', ...(query.filters?.reader && { value: query.filters.reader }) },
          { id: 'due', title: '应还时间', kind: 'range', ...(query.filters?.due && { value: query.filters.due }) },
          { id: 'card', title: '读者证号', kind: 'blind' },
        ],
        tabs: [{ id: '', title: '全部', count: find(query.filters, query.search).length, capped: false, active: !query.tab }, ...STATES.map((state) => ({ id: state.value, title: state.label, count: find(query.filters, query.search, state.value).length, capped: false, active: query.tab === state.value }))],
        cards: [], rows: overdue ? [] : found.slice((page - 1) * size, page * size).map(toRow), total: overdue ? 0 : found.length, totalCapped: false, page, size, sort: query.sort ?? '',
        toolbar: [button('create', '新建借阅', 'create', { style: 'primary' }), button('volumes', '批量导入借阅', 'import'), button('loans', '批量导出借阅', 'export'), button('settle', '生成催还单', 'action', { form: true }), button('close', '结束本季', 'action', { disabled: ['还有 28 条借阅未归还', '本季截止时间未到'] })],
        bulk: [button('pass', '批量通过', 'outcome', { style: 'primary', comment: 'optional' }), button('sign', '签字确认', 'outcome', { signature: 'drawn' }), button('slips', '打印借阅单', 'document'), button('remove', '批量删除', 'delete', { style: 'danger' })],
        empty: { why: overdue ? '没有超期的借阅' : '没有符合条件的借阅，可以清除筛选条件后再试', ...(overdue ? {} : { action: button('create', '新建借阅', 'create', { style: 'primary' }) }) },
      }
      return { ok: true, view }
    },
    record: async (_who, entity, id) => {
      const loan = entity === 'lib/loan' ? loans.get(id) : undefined
      if (!loan) return NONE
      const view: RecordView = {
        entity, id, rev: loan.rev, title: `${loan.number} ${loan.title}`, entityTitle: '借阅管理', status: { code: loan.status, ...stateOf(loan.status) }, states: [{ path: 'deposit', title: '押金', label: '已缴', colour: 'green' }], due: loan.due,
        buttons: [...rowButtons(loan), button('lend', '登记借出', 'outcome', { form: true, style: 'primary' }), button('sign', '签字确认', 'outcome', { signature: 'drawn' }), button('extend', '续借', 'action', { disabled: ['已续借 2 次，不能再续', '有其他读者预约'] })],
        sections: [
          { id: 'basic', title: '基本信息', fields: [{ path: 'title', title: '书名', cell: { text: loan.title } }, { path: 'reader', title: '读者', cell: { text: loan.reader, href: '/r/lib/reader/1' } }, { path: 'branch', title: '取书地点', cell: { text: branchOf(loan.branch) } }, { path: 'copies', title: '册数', cell: { text: String(loan.copies) } }, { path: 'fee', title: '押金', cell: { text: `¥${(loan.fee / 100).toFixed(2)}`, kind: 'money' } }, { path: 'due', title: '应还时间', cell: { text: loan.due, kind: 'date-time' } }, { path: 'note', title: '说明', cell: { text: '' } }] },
          { id: 'detail', title: '图书明细', fields: [{ path: 'volumes', title: '册目', cell: { text: '' }, table: { columns: [{ id: 'b', title: '条码' }, { id: 'n', title: '册名' }, { id: 's', title: '品相' }], rows: [[{ text: '00012345' }, { text: '上册' }, { text: '完好', kind: 'state', colour: 'green' }], [{ text: '00012346' }, { text: '下册' }, { text: '轻微磨损', kind: 'state', colour: 'orange' }]] } }, { path: 'summary', title: '内容简介', wide: true, cell: { text: '<p>讲述<strong>制图标准</strong>与读图方法。</p><script>alert(1)</script>', kind: 'rich' } }] },
        ],
        related: [{ id: 'same', title: '同一读者的借阅', entity: 'lib/loan', list: 'loan', filter: { reader: loan.reader } }],
        review: [{ id: '2', at: '2026-11-20T02:20:00Z', who: '周文华', role: '流通馆员', organisation: '市图书馆总馆', what: '退回', comment: '请补充册目条码。', tookMs: 93_600_000 }, { id: '1', at: '2026-11-19T00:20:00Z', who: loan.reader, role: '读者', organisation: '东校区', what: '提交' }],
        history: [{ id: 'h1', at: '2026-11-20T06:00:00Z', who: loan.reader, role: '读者', organisation: '东校区', what: '修改', changes: [{ title: '册数', from: '1', to: String(loan.copies) }, { title: '说明', from: '', to: '下周使用' }] }],
        documents: [button('slip', '借阅单', 'document')], process: { xml: loanProcess, at: ['review'], done: ['start', 'gate', 'fix'] },
        waitingFor: [{ role: '流通馆员', organisation: '市图书馆总馆', name: '', since: '2026-11-20T02:20:00Z', due: '2026-11-25T10:00:00Z' }],
      }
      return { ok: true, view }
    },
    form: async (_who, target) => {
      if (target.button) return { ok: true, form: passForm() }
      const loan = loans.get(target.id ?? '')
      if (target.id && !loan) return NONE
      const data: FormView['data'] = loan ? { title: loan.title, reader: '11', branch: loan.branch, copies: loan.copies, fee: loan.fee, volumes: [{ _id: 'a', barcode: '00012345', name: '上册', state: 'A', pages: 320 }] } : { volumes: [] }
      return { ok: true, form: loanForm(target, data) }
    },
    formRefresh: async (_who, target, data) => {
      note('formRefresh', target, data)
      const { reason: _reason, ...rest } = data
      const next = data.urgent === true ? data : rest
      return { ok: true, form: loanForm(target, { ...next, ...(typeof data.copies === 'number' && { fee: data.copies * 1250 }) }) }
    },
    references: async (_who, { path, search = '', ids }) => ({ ok: true, options: (path.includes('branch') ? BRANCHES : makeLoans(8).map((loan, index) => ({ value: String(11 + index), label: loan.reader, hint: `证号 ${20260011 + index}` }))).filter((option) => (ids ? ids.includes(option.value) : option.label.includes(search))) }),
    save: async (_who, input) => {
      note('save', input)
      if (input.data.title === '重复的书名') return { ok: false, code: 'UNIQUE', status: 422, problems: [{ code: 'UNIQUE', path: 'title', message: '已有同名的借阅申请', fix: '请在借阅管理中查看' }, { code: 'RULE', path: 'volumes.0.barcode', message: '条码 00012345 已借出' }, { code: 'LIMIT', message: '该读者本季最多借 10 册' }] }
      const id = input.id ?? String(2000 + loans.size)
      const before = loans.get(id)
      loans.set(id, { ...(before ?? makeLoans(1)[0] as Loan), id, rev: (before?.rev ?? 0) + 1, title: String(input.data.title ?? ''), status: input.then ? 'REVIEW' : 'DRAFT' })
      return { ok: true, id, rev: (before?.rev ?? 0) + 1 }
    },
    act: async (_who, entity, input) => {
      note('act', entity, input)
      const ids = input.query ? find(input.query.query.filters).map((loan) => loan.id) : (input.ids ?? [])
      const refused = ids.flatMap((id) => { const loan = loans.get(id); return loan && loan.status !== 'REVIEW' && input.button === 'pass' ? [{ id, title: loan.number, problems: [{ code: 'STATE', message: `状态为${stateOf(loan.status).label}，不能审核` }] }] : [] })
      if (input.button === 'pass') for (const id of ids) { const loan = loans.get(id); if (loan?.status === 'REVIEW') loan.status = 'LENT' }
      if (ids.length > 100) return { ok: true, done: 0, refused: [], job: startJob('act', '批量处理', ids.length, () => ({ ok: ids.length })) }
      return { ok: true, done: ids.length - refused.length, refused }
    },
    remove: async (_who, _entity, ids) => {
      const refused = ids.filter((id) => loans.get(id)?.status !== 'DRAFT').map((id) => ({ id, title: loans.get(id)?.number ?? id, problems: [{ code: 'STATE', message: '只能删除未提交的借阅' }] }))
      for (const id of ids) if (loans.get(id)?.status === 'DRAFT') loans.delete(id)
      return { ok: true, done: ids.length - refused.length, refused }
    },
    tasks: async (_who, { page = 1, size = 20 }) => {
      const items = find({}, '', 'REVIEW').map((loan, index) => ({ id: loan.id, entity: 'lib/loan', record: loan.id, title: `${loan.number} ${loan.title}`, what: '审核借阅申请', status: '待审核', programme: '2026 年秋季借阅', since: '2026-11-20T01:10:00Z', due: '2026-11-25T10:00:00Z', overdue: index < 2, href: `/r/lib/loan/${loan.id}` }))
      return { items: items.slice((page - 1) * size, page * size), total: items.length }
    },
    incidents: {
      list: async () => ({ ok: true, items: [], total: 0 }),
      act: async () => refuse(403, 'FORBIDDEN', '您没有此项操作的权限'),
    },
    imports: {
      describe: async (_who, entity, id) => ({ ok: true, view: { entity, id, title: '导入借阅信息', kind: 'sheet', notes: ['单元格内不得有空格和换行', '一次最多 10 000 行'], accept: ['.xlsx', '.xls'], maxBytes: 20_971_520, params: { entity, title: '', schema: { type: 'object', required: ['branch'], properties: { branch: { type: 'string', title: '取书地点' } } }, uiSchema: { branch: { 'ui:widget': 'ref' } }, data: {}, labels: {}, live: [], buttons: [] }, columns: [{ title: '书名', required: true }, { title: '读者证号', required: true, help: '文本格式' }, { title: '品相', required: false, values: ['完好', '轻微磨损'] }] } }),
      template: async () => ({ ok: true, file: stored('导入借阅信息模板.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', Buffer.from('template')) }),
      preview: async () => ({ ok: true, preview: { columns: [{ title: '书名', found: '书名', required: true }, { title: '读者证号', found: '证号', required: true }, { title: '品相', found: null, required: false }], rows: [{ row: 2, cells: ['机械制图', '20260011', ''] }, { row: 3, cells: ['数据库系统概论', '20260012', ''] }], problems: [], total: 1203 } }),
      start: async () => ({ ok: true, job: startJob('import', '导入借阅信息', 1203, () => ({ ok: 1190, failed: 13, refused: [{ reason: '读者证号不存在', count: 9 }, { reason: '书名重复', count: 4 }], files: [keep(stored('失败数据.xlsx', 'application/octet-stream', Buffer.from('failed rows')))] })) }),
      records: async () => ({ ok: true, total: 2, items: [{ id: '2', entity: 'lib/loan', import: 'volumes', title: '导入借阅信息', fileName: '十一月借阅.xlsx', who: '周文华', role: '流通馆员', at: '2026-11-20T03:00:00Z', ok: 1190, failed: 13, state: 'done', job: '1', failedFile: 'x' }, { id: '1', entity: 'lib/loan', import: 'volumes', title: '导入借阅信息', fileName: '十月借阅.xlsx', who: '周文华', role: '流通馆员', at: '2026-10-20T03:00:00Z', ok: 12045, failed: 0, state: 'done', job: '0' }] }),
    },
    exports: {
      count: async (_who, _entity, _id, { ids, query }) => ({ ok: true, count: ids?.length ?? find(query?.filters, query?.search, query?.tab).length }),
      start: async (_who, _entity, _id, { ids, query }) => { const total = ids?.length ?? find(query?.filters, query?.search, query?.tab).length; return { ok: true, count: total, job: startJob('export', '批量导出借阅', total, () => ({ ok: total, files: [keep(stored('借阅 数据(2026).xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', Buffer.from('rows')))] })) } },
    },
    documents: {
      start: async () => ({ ok: true, job: startJob('document', '借阅单', 1, () => ({ made: 1, files: [keep(stored('借阅单.pdf', 'application/pdf', Buffer.from('%PDF-1.4')))] })) }),
      preview: async (_who, _entity, _id, record) => ({ ok: true, file: '', html: `<!doctype html><html><head><meta charset="utf-8"><style>body{font-family:sans-serif;padding:40px}table{border-collapse:collapse;width:100%}td{border:1px solid #333;padding:8px}</style></head><body><h1 style="text-align:center">借阅单</h1><table><tr><td>编号</td><td>${loans.get(record)?.number ?? ''}</td></tr></table></body></html>` }),
    },
    reports: async () => ({ ok: true, entity: 'lib/loan', id: 'byReader', from: { entity: 'lib/loan', list: 'loans' }, title: '借阅统计', groups: 1, columns: [{ id: 'reader', title: '读者' }, { id: 'n', title: '借阅数' }], rows: [[{ text: '张三' }, { text: '12', kind: 'number' }]], values: [['张三', 12]], chart: 'bar', filters: [], siblings: [{ id: 'byReader', title: '借阅统计' }] }),
    reportFile: async () => ({ ok: true, file: keep(stored('借阅统计.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', Buffer.from('rows'))) }),
    jobs: {
      get: async (_who, id) => { const job = jobView(id); return job ? { ok: true, job } : refuse(404, 'JOB_UNKNOWN', '没有找到这个任务') },
      list: async () => ({ items: [...jobs.keys()].reverse().flatMap((id) => jobView(id) ?? []), total: jobs.size }),
      cancel: async (_who, id) => { const job = jobs.get(id); if (job) job.view = { ...job.view, state: 'cancelled' }; return { ok: true } },
    },
    files: {
      put: async (_who, meta, body) => {
        const parts: Buffer[] = []
        for await (const part of body) parts.push(part as Buffer)
        const file = keep(stored(meta.name, /\.png$/.test(meta.name) ? 'image/png' : /\.jpe?g$/.test(meta.name) ? 'image/jpeg' : 'application/octet-stream', Buffer.concat(parts)))
        return { ok: true, id: file.id, name: file.name, bytes: file.bytes }
      },
      get: async (_who, id) => { const file = files.get(id); return file ? { ok: true, file } : refuse(404, 'FILE_UNKNOWN', '没有找到这个文件，可能已过期') },
    },
    signatures: {
      begin: async (_who, { ids }) => { const code = randomUUID().slice(0, 8); signatures.set(code, { count: ids.length, drawn: false, at: now() }); return { ok: true, signature: { code, purpose: '确认借阅清单', count: ids.length, expiresAt: new Date(now() + 600_000).toISOString(), state: 'waiting', url: `/sign/${code}` } } },
      show: async (code) => { const one = signatures.get(code); return one ? { ok: true, signature: { code, purpose: '确认借阅清单', count: one.count, expiresAt: new Date(one.at + 600_000).toISOString(), state: one.drawn ? 'drawn' : 'waiting', url: `/sign/${code}` } } : refuse(404, 'SIGNATURE_UNKNOWN', '签名链接无效或已过期，请在电脑上重新开始') },
      draw: async (code) => { const one = signatures.get(code); if (!one) return NONE; one.drawn = true; return { ok: true } },
      state: async (_who, code) => { const one = signatures.get(code); return one ? { ok: true, signature: { code, purpose: '确认借阅清单', count: one.count, expiresAt: new Date(one.at + 600_000).toISOString(), state: one.drawn ? 'drawn' : 'waiting', url: `/sign/${code}` } } : NONE },
    },
    search: async (_who, text) => find({}, text).slice(0, 10).map((loan) => ({ title: `${loan.number} ${loan.title}`, what: '借阅', href: `/r/lib/loan/${loan.id}` })),
    regions: async () => [{ code: '370000', name: '山东省', parent: null }, { code: '370600', name: '烟台市', parent: '370000' }, { code: '370602', name: '芝罘区', parent: '370600' }, { code: '440000', name: '广东省', parent: null }, { code: '440300', name: '深圳市', parent: '440000' }],
    lookups: {
      list: async () => [{ id: 'card', entity: 'lib/reader', title: '读者证核验', keys: [{ id: 'number', title: '读者证号' }, { id: 'name', title: '姓名' }] }, { id: 'slip', entity: 'lib/loan', title: '借阅单核验', keys: [{ id: 'number', title: '借阅编号' }, { id: 'code', title: '校验码' }] }],
      ask: async ({ keys }) => (keys.number === '20260011' ? { ok: true, rows: [{ title: '读者', cell: { text: '张晓*' } }, { title: '读者证号', cell: { text: '2026****' } }, { title: '状态', cell: { text: '有效' } }, { title: '发证日期', cell: { text: '2025-09-01' } }] } : refuse(404, 'LOOKUP_NONE', '没有查到一致的信息，请核对后重试')),
    },
    notifications: { list: async () => [{ id: '1', title: '借阅申请已提交', body: 'JY202600012 机械制图（第七版）', at: '2026-11-21T01:30:00Z', href: '/r/lib/loan/1011', read: false }], read: async () => undefined },
    health: async () => ({ ok: true, checks: [{ name: 'database', ok: true, detail: 'in memory' }] }),
  }
}
