import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'
import { doneFlows } from './done-flows.ts'

interface Element { id: string; source?: { id: string }; target?: { id: string } }
interface Canvas { zoom: (level: string, at?: string) => void; addMarker: (id: string, marker: string) => void }
interface Registry { filter: (test: (element: Element) => boolean) => Element[]; get: (id: string) => Element | undefined }

const tokenMark = (): HTMLElement => {
  const mark = document.createElement('div')
  mark.className = 'process-token'
  return mark
}

/** Draws the diagram, colours the done steps and the flows between them, and puts a token on each current step. */
export const showProcess = async (container: HTMLElement, { xml, at, done }: { xml: string; at: string[]; done: string[] }): Promise<{ destroy: () => void }> => {
  const viewer = new NavigatedViewer({ container })
  await viewer.importXML(xml)
  const canvas = viewer.get('canvas') as Canvas
  const elements = viewer.get('elementRegistry') as Registry
  const overlays = viewer.get('overlays') as { add: (id: string, overlay: object) => void }
  canvas.zoom('fit-viewport', 'auto')
  const flows = elements.filter((element) => element.source !== undefined && element.target !== undefined).map((flow) => ({ id: flow.id, source: flow.source?.id ?? '', target: flow.target?.id ?? '' }))
  for (const id of [...done, ...doneFlows(flows, done, at)]) if (elements.get(id)) canvas.addMarker(id, 'process-done')
  for (const id of at) {
    if (!elements.get(id)) continue
    canvas.addMarker(id, 'process-at')
    overlays.add(id, { position: { top: -9, left: -9 }, html: tokenMark() })
  }
  return viewer
}
