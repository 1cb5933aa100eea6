export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal'
/** status = HTTP status, zh = text for the person, en = text for the log; both may use {placeholders}. */
export interface ErrorEntry { status: number; level: LogLevel; zh: string; en: string }

/** Every error code of the product. Codes are stable: add, never rename. */
export const catalogue = {
  // general
  INTERNAL: { status: 500, level: 'error', zh: '系统出现意外错误，请稍后重试；如仍出现，请把编号 {reference} 告知管理员', en: 'unexpected error {reference}: {reason}' },
  CONFIG_INVALID: { status: 500, level: 'fatal', zh: '系统配置有误：{problems}', en: 'configuration is invalid:\n{problems}' },
  PORT_TAKEN: { status: 500, level: 'fatal', zh: '端口 {port} 已被其他程序占用（也可能是另一个正在运行的 Certflow）。请结束该程序，或换一个端口，例如 PORT={other} npm start', en: 'port {port} is taken by another program (perhaps by another Certflow); end it, or take another port: PORT={other} npm start' },
  LISTEN_FAILED: { status: 500, level: 'fatal', zh: '无法在 {host} 的端口 {port} 上监听：{reason}。请检查 HOST 与 PORT；1024 以下的端口需要特权', en: 'cannot listen on {host}, port {port}: {reason}; check HOST and PORT (ports below 1024 need privileges)' },
  FOLDER_UNUSABLE: { status: 500, level: 'fatal', zh: '无法写入 {place}（{reason}）。请让运行 Certflow 的用户可以写入，或用 CERTFLOW_VAR 指定另一个文件夹', en: '{place} cannot be written ({reason}); give it to the user that runs Certflow, or name another folder with CERTFLOW_VAR' },
  INPUT_INVALID: { status: 400, level: 'info', zh: '提交的内容不符合要求：{reason}', en: 'invalid input at {where}: {reason}' },
  NOT_FOUND: { status: 404, level: 'info', zh: '未找到{what}，可能已被删除或您无权查看', en: '{what} {id} not found' },
  CONFLICT: { status: 409, level: 'info', zh: '已被他人处理，请刷新后再试', en: '{what} {id} was changed by someone else' },
  RULE_FAILED: { status: 422, level: 'info', zh: '{message}', en: 'rule {rule} failed on {where}: {message}' },
  TOO_LARGE: { status: 413, level: 'info', zh: '内容超过上限 {limit}', en: '{what} exceeds the limit of {limit}' },
  UNSUPPORTED: { status: 415, level: 'info', zh: '不支持的类型：{found}', en: 'unsupported {what}: {found}' },
  // access
  UNAUTHENTICATED: { status: 401, level: 'info', zh: '请先登录', en: 'no valid session for {where}' },
  FORBIDDEN: { status: 403, level: 'warn', zh: '您没有此项操作的权限', en: 'actor {actor} may not {action} on {where}' },
  CREDENTIALS_WRONG: { status: 401, level: 'info', zh: '账号或密码不正确', en: 'sign-in refused for a wrong account or password' },
  ACCOUNT_LOCKED: { status: 423, level: 'warn', zh: '登录失败次数过多，请在 {minutes} 分钟后再试', en: 'account is locked for {minutes} more minutes' },
  ACCOUNT_DISABLED: { status: 403, level: 'warn', zh: '账号已停用，请联系管理员', en: 'account {account} is disabled' },
  SECOND_FACTOR_REQUIRED: { status: 401, level: 'info', zh: '请完成第二重验证', en: 'second factor required for {account}' },
  CSRF_FAILED: { status: 403, level: 'warn', zh: '页面已过期，请刷新后重新提交', en: 'csrf token missing or wrong at {where}' },
  THROTTLED: { status: 429, level: 'warn', zh: '操作过于频繁，请在 {seconds} 秒后再试', en: '{what} throttled for {seconds} s' },
  // data
  DB_UNAVAILABLE: { status: 503, level: 'error', zh: '数据库暂时不可用，请稍后重试', en: 'database is unavailable: {reason}' },
  DB_FULL: { status: 503, level: 'error', zh: '服务器存储空间不足，暂时无法保存，请联系管理员', en: 'no space is left for the database: {reason}; free some, jobs go on by themselves' },
  DB_READ_ONLY: { status: 503, level: 'error', zh: '系统目前只能查看，暂时无法保存，请稍后重试', en: 'the database takes no writes: {reason}; make it writable, jobs go on by themselves' },
  STORAGE_FULL: { status: 503, level: 'error', zh: '服务器存储空间不足，暂时无法保存文件，请联系管理员', en: 'no space is left for files: {reason}; free some, jobs go on by themselves' },
  STORAGE_READ_ONLY: { status: 503, level: 'error', zh: '系统目前只能查看，暂时无法保存文件，请稍后重试', en: 'files cannot be written: {reason}; make the folder writable, jobs go on by themselves' },
  DB_BUSY: { status: 503, level: 'warn', zh: '系统繁忙，请稍后重试', en: 'write lock not granted within {ms} ms' },
  DB_TIMEOUT: { status: 503, level: 'warn', zh: '查询超过 {seconds} 秒，请缩小筛选范围', en: 'statement exceeded {seconds} s: {sql}' },
  DB_UNIQUE: { status: 409, level: 'info', zh: '已存在相同的数据', en: 'unique constraint violated: {reason}' },
  DB_FOREIGN_KEY: { status: 409, level: 'info', zh: '数据正被其他记录引用', en: 'foreign key constraint violated: {reason}' },
  DB_TX_ENDED: { status: 500, level: 'error', zh: '系统出现意外错误，请稍后重试', en: 'statement issued after its transaction had ended; await every call inside tx(): {sql}' },
  MIGRATION_FAILED: { status: 500, level: 'fatal', zh: '数据库升级失败：{name}', en: 'migration {name} failed: {reason}' },
  IDS_EXHAUSTED: { status: 503, level: 'error', zh: '系统节点已用完，请停止不用的进程', en: 'no free node number among {nodes}; stop unused processes' },
  // crypto
  KEY_UNKNOWN: { status: 500, level: 'error', zh: '无法解密数据，请联系管理员', en: 'encryption key {id} is not in the keyring' },
  DECRYPT_FAILED: { status: 500, level: 'error', zh: '无法解密数据，请联系管理员', en: 'ciphertext does not belong to {where} or was altered' },
  // jobs
  JOB_TYPE_UNKNOWN: { status: 500, level: 'error', zh: '未知的任务类型', en: 'job type {type} is not declared' },
  JOB_CANCELLED: { status: 409, level: 'info', zh: '任务已取消', en: 'job {id} was cancelled' },
  JOB_LEASE_LOST: { status: 409, level: 'warn', zh: '任务已由其他进程接手', en: 'job {id}: lease lost to another worker' },
  JOB_TIMEOUT: { status: 504, level: 'error', zh: '任务超过时限 {seconds} 秒', en: 'job {id} of type {type} exceeded {seconds} s' },
  // files
  FILE_EXPIRED: { status: 410, level: 'info', zh: '文件已过期', en: 'file {id} expired' },
  FILE_REFUSED: { status: 422, level: 'info', zh: '{message}', en: '{what} refused: {reason}' },
  FILE_DAMAGED: { status: 500, level: 'error', zh: '文件已损坏，请联系管理员', en: 'file {id} is damaged: {reason}' },
  // definitions and processes
  DEFINITION_NOT_FOUND: { status: 404, level: 'error', zh: '未找到定义 {id}', en: 'definition {id} not found in {where}' },
  DEFINITION_INVALID: { status: 422, level: 'error', zh: '定义有误：{reason}', en: 'definition {id} is invalid: {reason}' },
  OPERATION_FAILED: { status: 502, level: 'error', zh: '处理失败：{reason}', en: 'operation {operation} failed: {reason}' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof catalogue
