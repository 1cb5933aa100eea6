import { ATTRIBUTES, CERTFLOW_URI, SHAPES } from './vocabulary.ts'

const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1)
const attribute = (name: string) => ({ name, isAttr: true, type: 'String' })

/** The certflow namespace as a moddle extension: for bpmn-moddle here and for the modeler in Studio. */
export const certflowDescriptor = {
  name: 'Certflow', uri: CERTFLOW_URI, prefix: 'certflow', xml: { tagAlias: 'lowerCase' },
  types: [
    ...Object.entries(ATTRIBUTES).map(([element, names]) => ({
      name: `${capital(element)}Attributes`, extends: [`bpmn:${capital(element)}`], properties: names.map(attribute),
    })),
    ...Object.entries(SHAPES).map(([name, shape]) => ({
      name: capital(name), superClass: ['Element'],
      properties: [
        ...shape.attributes.map(attribute),
        ...(shape.body ? [{ name: 'body', isBody: true, type: 'String' }] : []),
        ...shape.children.map(child => ({ name: `${child}s`, isMany: true, type: capital(child) })),
      ],
    })),
  ],
}
