import fc from 'fast-check'

/** Texts of the SQL-able subset, by type, over the model of testing/world.ts. `v` is the row: "" (own fields), "item." or "x.". */
type Gen = fc.Arbitrary<string>
const oneOf = (...texts: string[]): Gen => fc.constantFrom(...texts)
const glue = (parts: (Gen | string)[]): Gen => fc.tuple(...parts.map((p) => (typeof p === 'string' ? fc.constant(p) : p))).map((texts) => texts.join(''))
const OPS = oneOf('<', '<=', '>', '>=', '=', '!=')
const STRINGS = ['""', '"a"', '"A"', '"ab"', '"b"', '"数"', '"数字"', '"𠮷"', '"a "', '"%"']
const NUMBERS = ['0', '1', '2', '-1', '3.5', '0.3', '0.70', '60', '12.25', '-0.1']

export const number = (d: number, v: string, sub: boolean): Gen => {
  const leaf = oneOf(...NUMBERS, ...(sub ? [`${v}points`, `${v}points`, `${v}thing.total`] : ['n', 'amount', 'amount', 'group.cap', 'other.amount', 'total', 'params.limit', 'params.rate', 'other.group.cap', 'other.total']))
  if (d <= 0) return leaf
  const [n, b] = [number(d - 1, v, sub), boolean(d - 1, v, sub)]
  const both = [
    leaf, glue(['(', n, oneOf(' + ', ' - '), n, ')']), glue(['(', n, ' * ', oneOf('2', '0.3', '-1.5'), ')']), glue(['(', n, ' / ', oneOf('2', '5', '10', '0.5'), ')']),
    glue(['(if ', b, ' then ', n, ' else ', n, ')']), glue([oneOf('floor', 'ceiling', 'abs'), '(', n, ')']), glue([oneOf('min', 'max'), '(', n, ', ', n, ')']), glue(['(-', n, ')']),
  ]
  if (sub) return fc.oneof(...both)
  return fc.oneof(...both, glue([oneOf('sum', 'min', 'max'), '(', notes(d - 1), '.points)']), glue(['count(', notes(d - 1), ')']),
    oneOf('day.year', 'day.month', 'at.year', 'at.day', 'at.hour', 'string length(name)', 'count(distinct values(notes.group))', 'count(tags)', 'sum(for x in notes return x.points * 2)', 'count(distinct values(notes.points))', 'count(alike)', 'rows("note")[item.thing = record.other and item.ok = true][1].points', 'rows("thing")[item.id = record.other][1].total', 'count(other.alike)', 'sum(other.alike.amount)'))
}

const notes = (d: number): Gen => fc.oneof(oneOf('notes', 'rows("note")'), glue(['notes[', boolean(d, 'item.', true), ']']), glue(['rows("note")[', boolean(d, 'item.', true), ' and item.thing = record.id]']))

export const text = (d: number, v: string, sub = false): Gen => {
  const leaf = oneOf(...STRINGS, ...(sub ? [`${v}text`, `${v}group.name`, `${v}thing.state`] : ['name', 'code', 'group.name', 'params.word', 'state', 'other.name', 'other.state']))
  if (d <= 0) return leaf
  return fc.oneof(leaf, glue(['(', text(d - 1, v, sub), ' + ', text(d - 1, v, sub), ')']), glue(['(if ', boolean(d - 1, v, sub), ' then ', text(d - 1, v, sub), ' else ', text(d - 1, v, sub), ')']), glue(['substring(', text(d - 1, v, sub), ', 1, 2)']))
}

const instant = (sub: boolean): Gen => oneOf('now', '@"2026-05-20T09:00:00+08:00"', ...(sub ? [] : ['at', 'at', 'group.opensAt', 'at + duration("P1D")', 'at - duration("PT90M")', 'at + minutes(n)', 'min(at, group.opensAt)', 'max(now, at)']))
const date = (sub: boolean): Gen => oneOf('today', 'date("2026-05-20")', ...(sub ? [] : ['day', 'day', 'date(at)', 'day + duration("P3D")', 'day - duration("P1D")', 'params.from']))
const ref = (v: string, sub: boolean): Gen => (sub ? oneOf(`${v}group`, `${v}group.id`, 'record.group', 'params.group') : oneOf('group', 'group.id', 'other.group', 'params.group', 'user.group'))
const things = (v: string, sub: boolean): Gen => (sub ? oneOf(`${v}thing`, `${v}thing.id`, 'record', 'record.id', 'record.other') : oneOf('other', 'record', 'record.id', 'other.id', 'other.other'))

export const boolean = (d: number, v: string, sub: boolean): Gen => {
  const leaf = oneOf('true', 'false', 'params.flag', ...(sub ? [`${v}ok`, `${v}group.ready`, `${v}thing.flag`, `${v}thing.idle`] : ['flag', 'flag', 'group.ready', 'other.flag', 'other.group.ready', 'idle', 'other.idle']))
  if (d <= 0) return leaf
  const [b, n, s] = [boolean(d - 1, v, sub), number(d - 1, v, sub), text(d - 1, v, sub)]
  const both = [
    leaf, glue(['(', b, ' and ', b, ')']), glue(['(', b, ' or ', b, ')']), glue(['not(', b, ')']), glue(['(', n, ' ', OPS, ' ', n, ')']), glue(['(', s, ' ', OPS, ' ', s, ')']),
    glue(['(', s, ' in [', oneOf(...STRINGS), ', ', oneOf(...STRINGS, 'null'), '])']), glue(['(', s, ' in params.words)']), glue(['(', n, ' in [', n, '..', n, oneOf(']', ')'), ')']), glue(['(', n, ' between ', n, ' and ', n, ')']),
    glue(['(', instant(sub), ' ', OPS, ' ', instant(sub), ')']), glue(['(', date(sub), ' ', OPS, ' ', date(sub), ')']),
    glue(['(', ref(v, sub), oneOf(' = ', ' != '), fc.oneof(ref(v, sub), fc.constant('null')), ')']), glue(['(', things(v, sub), oneOf(' = ', ' != '), things(v, sub), ')']),
    glue(['(', fc.oneof(n, s, instant(sub), date(sub)), oneOf(' = ', ' != '), 'null)']), glue(['(if ', b, ' then ', b, ' else ', b, ')']),
    glue(['(', b, oneOf(' = ', ' != '), oneOf('true', 'false', 'null'), ')']), glue(['(', b, oneOf(' = ', ' != '), b, ')']),
    glue([oneOf('starts with', 'contains'), '(', s, ', ', oneOf('"a"', '"数"', '""', 'params.word'), ')']), glue(['is defined(', fc.oneof(n, s), ')']),
  ]
  if (sub) return fc.oneof(...both)
  const inner = boolean(d - 1, 'x.', true)
  return fc.oneof(...both,
    glue(['(', oneOf('some', 'every'), ' x in ', notes(d - 1), ' satisfies ', inner, ')']),
    glue(['(count(', notes(d - 1), ') ', OPS, ' ', oneOf('0', '1', '2'), ')']),
    glue(['list contains(', oneOf('tags', 'notes.group', 'notes.text', 'words'), ', ', oneOf('group', 'name', 'params.group', 'null'), ')'])
      .map((t) => (/\((tags|notes\.group), name/.test(t) ? t.replace('name', 'group') : /\((notes\.text|words), (group|params\.group)/.test(t) ? t.replace(/, .*\)/, ', name)') : t)),
    glue([oneOf('any', 'all'), '(notes.ok)']), oneOf('rules.twice(n, amount)', 'rules.enough(notes)', '(group in tags)', '(some w in words satisfies w = name)', '(some y in things satisfies y.flag)', '(sum(things.amount) > amount)',
      '(some a in rows("note"), b in tags satisfies a.group = b and a.thing = record)', '(count(rows("thing")[item.group = record.group and item.amount >= record.amount]) = 1)'))
}
