import type { Refusal } from '#server/platform/errors.ts'

export type FileRefusalCode =
  | 'not-found' | 'empty-file' | 'file-too-large' | 'not-zip' | 'not-excel' | 'legacy-xls' | 'encrypted' | 'macro' | 'binary-workbook'
  | 'corrupt' | 'zip-bomb' | 'too-many-entries' | 'dtd' | 'too-many-rows' | 'too-many-cells' | 'string-too-long' | 'no-sheet' | 'header' | 'no-rows'

/** An uploaded file that is not taken, as a whole. `message` is for the log, `person` (zh) is shown and says what to do. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal'
  constructor(readonly code: FileRefusalCode, log: string, readonly person: string) {
    super(`${code}: ${log}`)
  }

  toRefusal(): Refusal {
    return { code: this.code, message: this.person }
  }
}

/** 1.5 GB, 20 MB, 812 KB: for messages. */
export const sizeText = (bytes: number): string => {
  const units: [number, string][] = [[1024 ** 3, 'GB'], [1024 ** 2, 'MB'], [1024, 'KB']]
  const unit = units.find(([n]) => bytes >= n)
  return unit ? `${Math.round((bytes / unit[0]) * 10) / 10} ${unit[1]}` : `${bytes} 字节`
}
