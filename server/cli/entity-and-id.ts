import { AppError } from '#server/platform/errors.ts'

/** "loan.returns" → entity and what is named in it. */
export const entityAndId = (text: string): [entity: string, id: string] => {
  const dot = text.lastIndexOf('.')
  if (dot < 1 || dot === text.length - 1) throw new AppError('INPUT_INVALID', { where: text, reason: 'entity.id' }, { found: text, fix: 'write it as <entity>.<id>' })
  return [text.slice(0, dot), text.slice(dot + 1)]
}
