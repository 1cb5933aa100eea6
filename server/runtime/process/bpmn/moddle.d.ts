declare module 'bpmn-moddle' {
  export interface ModdleElement {
    $type: string
    $parent?: ModdleElement
    id?: string
    name?: string
    get(name: string): unknown
    [property: string]: unknown
  }
  export interface ModdleWarning { message: string; element?: ModdleElement; property?: string; value?: unknown; error?: Error }
  export class BpmnModdle {
    constructor(packages?: Record<string, unknown>)
    /** Rejects with an Error (and `warnings`) when the XML has no readable root. */
    fromXML(xml: string): Promise<{ rootElement: ModdleElement; warnings: ModdleWarning[] }>
    toXML(element: ModdleElement, options?: { format?: boolean }): Promise<{ xml: string }>
  }
}
