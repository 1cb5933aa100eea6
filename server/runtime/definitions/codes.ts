/** What loading and lint can say; each is explained in docs/definition-language/lint.md. */
export const CODES = [
  'encoding', 'json', 'yaml', 'meta', 'file-place', 'root-missing', 'layer-unknown', 'family-missing', 'family-unknown', 'family-cycle', 'after-unknown',
  'patch-removes-nothing', 'overlay-unknown', 'overlay-whole', 'overlay-home', 'term-unknown', 'param-undeclared', 'policy-undeclared', 'rule-undeclared',
  'hook-undeclared', 'term-undeclared', 'rule-signature', 'rule-body', 'param-type', 'policy-unknown', 'rule-unknown', 'text-unknown',
  'role-unknown', 'role-cycle', 'path-unknown', 'ref-unknown', 'entity-unknown', 'inverse-taken', 'copy-target', 'companion-unique',
  'companion-home', 'governor', 'status-missing', 'status-unknown', 'compute-column', 'system-name', 'check-home', 'limit-measure',
  'rule-on', 'type-differs', 'too-many-indexes', 'filter-column', 'filter-unknown', 'list-unknown', 'tab-code', 'right-unknown',
  'scope-missing', 'import-column', 'import-archive', 'import-unknown', 'template-unknown', 'process-unknown', 'form-unknown',
  'operation-unknown', 'operation-input', 'set-status', 'set-computed', 'draw-number', 'rows-in-column', 'widget-unknown', 'feel', 'feel-not-sql',
  'record-unknown', 'demo-unknown', 'scenario-ref',
] as const
export type FindingCode = (typeof CODES)[number]
