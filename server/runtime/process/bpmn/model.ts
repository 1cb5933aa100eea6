import { BpmnModdle, type ModdleElement, type ModdleWarning } from 'bpmn-moddle'
import { bpmnPackage } from './bpmn-package.ts'
import { certflowDescriptor } from './descriptor.ts'

/** A BPMN file as the model that designers change and write again. */
export interface BpmnModel {
  definitions: ModdleElement
  /** what the meta-model could not place; see `lostBetween` for what of it a saved file lacks */
  warnings: string[]
}
interface Described extends ModdleElement { $descriptor: { propertiesByName: Record<string, { isMany?: boolean } | undefined> }; set(name: string, value: unknown): void }

/** Reads a file of any tool: foreign attributes, extension elements and the diagram are kept. Rejects when the XML cannot be read. */
export async function readModel(xml: string): Promise<BpmnModel> {
  const { rootElement, warnings } = await new BpmnModdle({ bpmn: bpmnPackage, certflow: certflowDescriptor }).fromXML(xml)
  for (const warning of warnings) keepReference(warning)
  return { definitions: rootElement, warnings: warnings.map(w => w.message) }
}

/** The model as BPMN 2.0 XML, indented. */
export async function writeModel(model: BpmnModel): Promise<string> {
  return (await new BpmnModdle({ bpmn: bpmnPackage, certflow: certflowDescriptor }).toXML(model.definitions, { format: true })).xml
}

/**
 * A reference to something outside the file (`itemSubjectRef="xsd:string"`, an id of an import) would be gone when the
 * file is saved: a stand-in with its name is written back as it was.
 */
function keepReference({ message, element, property, value }: ModdleWarning): void {
  if (!element || property === undefined || typeof value !== 'string' || !message.startsWith('unresolved reference')) return
  const owner = element as Described
  const standIn = { id: value }
  if (owner.$descriptor.propertiesByName[property]?.isMany) (owner.get(property) as unknown[]).push(standIn)
  else owner.set(property, standIn)
}
