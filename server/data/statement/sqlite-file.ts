import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { SqliteConnection } from './sqlite-connection.ts'
import { WriteLock } from './sqlite-lock.ts'
import { SharedCommit } from './sqlite-shared-commit.ts'

/** One writer and one reader connection per file and thread; every Sequelize "connection" is a light handle on them. */
export interface SqliteFile { path: string; writer: SqliteConnection; reader: SqliteConnection; lock: WriteLock; shared: SharedCommit; users: number; /** transactions that this thread has ended; the last of those that share a commit is counted after it */ ended: number }

const open = new Map<string, SqliteFile>()

export const openFile = (file: string, synchronous: 'NORMAL' | 'FULL'): SqliteFile => {
  const path = resolve(file)
  let found = open.get(path)
  if (!found) {
    mkdirSync(dirname(path), { recursive: true })
    const writer = new SqliteConnection(path, { synchronous, readOnly: false })
    found = { path, writer, reader: new SqliteConnection(path, { synchronous, readOnly: true }), lock: new WriteLock(), shared: new SharedCommit(writer), users: 0, ended: 0 }
    open.set(path, found)
  }
  found.users += 1
  return found
}

export const releaseFile = (file: SqliteFile): void => {
  file.users -= 1
  if (file.users > 0) return
  open.delete(file.path)
  file.reader.close()
  file.writer.close()
}
