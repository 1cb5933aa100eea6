import bpmn from 'bpmn-moddle/resources/bpmn/json/bpmn.json' with { type: 'json' }

interface Property { name: string; isAttr?: boolean; xml?: { serialize: string }; [more: string]: unknown }
interface Type { name: string; properties?: Property[]; [more: string]: unknown }

/** Where bpmn-moddle's meta-model departs from the schema of BPMN 2.0.2 (BPMN20.xsd, Semantic.xsd), so that what is read would not be written. */
const AS_IN_THE_SCHEMA: Record<string, Record<string, (p: Property) => Property>> = {
  GlobalScriptTask: { script: ({ isAttr: _, ...p }) => p },
  ConversationNode: { messageFlowRefs: p => ({ ...p, name: 'messageFlowRef' }) },
  CorrelationPropertyRetrievalExpression: { messagePath: p => ({ ...p, xml: { serialize: 'property' } }) },
  ResourceAssignmentExpression: { expression: ({ xml: _, ...p }) => p },
  CorrelationPropertyBinding: { dataPath: p => ({ ...p, xml: { serialize: 'property' } }) },
}

/** The BPMN meta-model with those places mended: an extension package of the same prefix. */
export const bpmnPackage: Record<string, unknown> = {
  ...(bpmn as Record<string, unknown>),
  types: (bpmn.types as unknown as Type[]).map((type) => {
    const mend = AS_IN_THE_SCHEMA[type.name]
    return mend ? { ...type, properties: type.properties?.map((p) => mend[p.name]?.(p) ?? p) } : type
  }),
}
