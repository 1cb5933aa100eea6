import type { Piece } from './pieces.ts'

/** A process as BPMN XML that several engines read, and what its conditions are to answer. */
export interface Drawing {
  xml: string
  /** by the name in `${environment.variables.holds.<name>}` */
  holds: Record<string, boolean>
  /** loop's task -> its condition */
  again: Record<string, string>
  /** tasks that are there several times, in one visit */
  several: Set<string>
  /** link events, at which nothing is waited for */
  links: Set<string>
  /** host task or operation -> its boundary event */
  boundary: Record<string, string>
}
const CONDITION = (name: string): string => `\${environment.variables.holds.${name}}`

class Pen {
  private n = 0
  private flows = 0
  readonly drawing: Drawing = { xml: '', holds: {}, again: {}, several: new Set(), links: new Set(), boundary: {} }
  readonly heads: string[] = []

  private id(): string { return `n${++this.n}` }
  private flow(out: string[], from: string, to: string, condition?: string): string {
    const id = `f${++this.flows}`
    const body = condition === undefined ? '' : `<conditionExpression xsi:type="tFormalExpression">${CONDITION(condition)}</conditionExpression>`
    out.push(`<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${body}</sequenceFlow>`)
    return id
  }
  private gateway(out: string[], id: string, kind = 'exclusive', fallback?: string): string {
    out.push(`<${kind}Gateway id="${id}"${fallback ? ` default="${fallback}"` : ''}/>`)
    return id
  }
  private task(out: string[], id: string, loop = ''): string {
    out.push(`<userTask id="${id}"><extensionElements><certflow:outcome id="ok" label="ok"/></extensionElements>${loop}</userTask>`)
    return id
  }
  private mail(out: string[], id: string): string {
    this.heads.push(`<message id="${id}m" name="${id}m"/>`)
    out.push(`<intermediateCatchEvent id="${id}"><messageEventDefinition messageRef="${id}m"/></intermediateCatchEvent>`)
    return id
  }
  private pause(out: string[], id: string): string {
    out.push(`<intermediateCatchEvent id="${id}"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>`)
    return id
  }
  private call(out: string[], id: string): string {
    out.push(`<serviceTask id="${id}" certflow:operation="work"/>`)
    return id
  }
  /** an error of its own for each catcher: its code is the catcher's id */
  private error(id: string): string {
    this.heads.push(`<error id="${id}r" name="${id}" errorCode="${id}"/>`)
    return `<errorEventDefinition errorRef="${id}r"/>`
  }
  private start(out: string[], id: string): string { out.push(`<startEvent id="${id}"/>`); return id }
  /** a status on each end and sub-process makes it visible that they were reached */
  private end(out: string[], id: string, definition = ''): string { out.push(`<endEvent id="${id}" certflow:status="${id}">${definition}</endEvent>`); return id }
  private around(out: string[], host: string, inner: string[]): void { out.push(`<subProcess id="${host}" certflow:status="${host}">${inner.join('\n')}</subProcess>`) }
  private onBoundary(out: string[], host: string, definition: string, instead = true): string {
    const id = `${host}b`
    this.drawing.boundary[host] = id
    out.push(`<boundaryEvent id="${id}" attachedToRef="${host}"${instead ? '' : ' cancelActivity="false"'}>${definition}</boundaryEvent>`)
    return id
  }

  /** Draws a piece into `out`; answers where it begins and where it goes on. */
  place(p: Piece, out: string[]): [string, string] {
    const id = this.id()
    switch (p.kind) {
      case 'task': return [this.task(out, id), id]
      case 'call': return [this.call(out, id), id]
      case 'mail': return [this.mail(out, id), id]
      case 'pause': return [this.pause(out, id), id]
      case 'many': {
        const until = p.until ? `<completionCondition xsi:type="tFormalExpression">${CONDITION(id)}</completionCondition>` : ''
        this.task(out, id, `<multiInstanceLoopCharacteristics isSequential="${p.oneByOne}"><loopCardinality xsi:type="tFormalExpression">${p.count}</loopCardinality>${until}</multiInstanceLoopCharacteristics>`)
        this.drawing.several.add(id)
        if (p.until) { this.drawing.again[id] = id; this.drawing.holds[id] = false }
        return [id, id]
      }
      case 'race': {
        const [gate, join] = [this.gateway(out, id, 'eventBased'), this.gateway(out, `${id}j`)]
        p.of.forEach((x, i) => {
          const first = i === 0 ? this.mail(out, `${id}m`) : this.pause(out, `${id}p`)
          const [begin, end] = this.place(x, out)
          this.flow(out, gate, first)
          this.flow(out, first, begin)
          this.flow(out, end, join)
        })
        return [gate, join]
      }
      case 'watched': {
        const [inner, event]: [string[], string[]] = [[], []]
        const [begin, end] = this.place(p.body, inner)
        this.flow(inner, this.start(inner, `${id}a`), begin)
        this.flow(inner, end, this.end(inner, `${id}e`))
        event.push(`<startEvent id="${id}w" isInterrupting="${p.instead}"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT3H</timeDuration></timerEventDefinition></startEvent>`)
        const [aside, back] = this.place(p.aside, event)
        this.flow(event, `${id}w`, aside)
        this.flow(event, back, this.end(event, `${id}o`))
        inner.push(`<subProcess id="${id}v" triggeredByEvent="true">${event.join('\n')}</subProcess>`)
        this.around(out, id, inner)
        return [id, id]
      }
      case 'link': {
        const [from, to] = [`${id}f`, `${id}t`]
        out.push(`<intermediateThrowEvent id="${from}"><linkEventDefinition name="${id}"/></intermediateThrowEvent>`, `<intermediateCatchEvent id="${to}"><linkEventDefinition name="${id}"/></intermediateCatchEvent>`)
        this.drawing.links.add(to)
        return [from, to]
      }
      case 'seq': {
        const ends = p.of.map(x => this.place(x, out))
        ends.slice(1).forEach(([begin], i) => this.flow(out, ends[i]?.[1] ?? '', begin))
        return [ends[0]?.[0] ?? '', ends.at(-1)?.[1] ?? '']
      }
      case 'xor': {
        const [split, join] = [`${id}s`, this.gateway(out, `${id}j`)]
        const flows = p.of.map((x, i) => {
          const [begin, end] = this.place(x, out)
          this.flow(out, end, join)
          const last = i === p.of.length - 1
          if (!last) this.drawing.holds[`${id}_${i}`] = i === p.take
          return this.flow(out, split, begin, last ? undefined : `${id}_${i}`)
        })
        this.gateway(out, split, 'exclusive', flows.at(-1))
        return [split, join]
      }
      case 'par': {
        const [split, join] = [this.gateway(out, `${id}s`, 'parallel'), this.gateway(out, `${id}j`, 'parallel')]
        for (const x of p.of) {
          const [begin, end] = this.place(x, out)
          this.flow(out, split, begin)
          this.flow(out, end, join)
        }
        return [split, join]
      }
      case 'loop': {
        const [head, ask] = [this.gateway(out, `${id}h`), this.task(out, id)]
        const [begin, end] = this.place(p.body, out)
        this.flow(out, head, begin)
        this.flow(out, end, ask)
        const tail = `${id}t`
        this.flow(out, ask, tail)
        this.flow(out, tail, head, id)
        const after = this.gateway(out, `${id}o`)
        this.gateway(out, tail, 'exclusive', this.flow(out, tail, after))
        this.drawing.again[id] = id
        this.drawing.holds[id] = false
        return [head, after]
      }
      case 'sub': {
        const inner: string[] = []
        const [begin, end] = this.place(p.body, inner)
        this.flow(inner, this.start(inner, `${id}a`), begin)
        this.flow(inner, end, this.end(inner, `${id}e`))
        this.around(out, id, inner)
        return [id, id]
      }
      case 'late': {
        const host = this.task(out, id)
        const on = this.onBoundary(out, host, '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT2H</timeDuration></timerEventDefinition>', p.instead)
        const [begin, end] = this.place(p.aside, out)
        this.flow(out, on, begin)
        const after = this.gateway(out, `${id}j`)
        this.flow(out, host, after)
        this.flow(out, end, p.instead ? after : this.end(out, `${id}e`))
        return [host, after]
      }
      case 'fails': {
        const on = this.onBoundary(out, this.call(out, id), this.error(id))
        const [begin, end] = this.place(p.aside, out)
        this.flow(out, on, begin)
        const after = this.gateway(out, `${id}j`)
        this.flow(out, id, after)
        this.flow(out, end, after)
        return [id, after]
      }
      case 'throws': {
        const inner: string[] = []
        const [begin, end] = this.place(p.body, inner)
        const gate = `${id}g`
        this.flow(inner, this.start(inner, `${id}a`), begin)
        this.flow(inner, end, gate)
        this.drawing.holds[id] = p.fail
        const error = this.error(id)
        this.flow(inner, gate, this.end(inner, `${id}x`, error), id)
        this.gateway(inner, gate, 'exclusive', this.flow(inner, gate, this.end(inner, `${id}e`)))
        this.around(out, id, inner)
        const on = this.onBoundary(out, id, error)
        const [aside, back] = this.place(p.aside, out)
        this.flow(out, on, aside)
        const after = this.gateway(out, `${id}j`)
        this.flow(out, id, after)
        this.flow(out, back, after)
        return [id, after]
      }
      case 'stops': {
        const inner: string[] = []
        const split = this.gateway(inner, `${id}s`, 'parallel')
        this.flow(inner, this.start(inner, `${id}a`), split)
        const stop = this.task(inner, `${id}k`)
        this.flow(inner, split, stop)
        this.flow(inner, stop, this.end(inner, `${id}x`, '<terminateEventDefinition/>'))
        const [begin, end] = this.place(p.body, inner)
        this.flow(inner, split, begin)
        this.flow(inner, end, this.end(inner, `${id}e`))
        this.around(out, id, inner)
        return [id, id]
      }
    }
  }
  draw(p: Piece): Drawing {
    const out: string[] = []
    const [begin, end] = this.place(p, out)
    this.flow(out, this.start(out, 'start'), begin)
    this.flow(out, end, this.end(out, 'end'))
    const spaces = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:certflow="https://certflow.dev/bpmn/1"'
    this.drawing.xml = `<definitions ${spaces} id="d" targetNamespace="t">\n${this.heads.join('\n')}\n<process id="p" isExecutable="true">\n${out.join('\n')}\n</process></definitions>`
    return this.drawing
  }
}
/** Draws a piece with a start and an end. */
export const draw = (p: Piece): Drawing => new Pen().draw(p)
