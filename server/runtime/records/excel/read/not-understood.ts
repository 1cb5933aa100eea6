/** The file may be in order, but this reader does not know the construct: exceljs is asked instead. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood'
}
