import { parser, trackVariables } from 'lezer-feel'

type Tree = ReturnType<typeof parser.parse>
export type Node = Tree['topNode']

/** The names of the profile are single words, so the tree does not depend on the names in scope. */
const expressionParser = parser.configure({ top: 'Expression', contextTracker: trackVariables({}) })

export const parseTree = (text: string): Node => expressionParser.parse(text).topNode

const COMMENTS = new Set(['LineComment', 'BlockComment'])

/** Children without comments. */
export const children = (node: Node): Node[] => {
  const found: Node[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) if (!COMMENTS.has(child.name)) found.push(child)
  return found
}

/** The first place where the parser had to give up, if any. */
export const firstError = (node: Node): Node | null => {
  if (node.type.isError) return node
  for (let child = node.firstChild; child; child = child.nextSibling) {
    const found = firstError(child)
    if (found) return found
  }
  return null
}
