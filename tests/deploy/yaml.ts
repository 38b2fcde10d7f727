interface Line {
  number: number
  indent: number
  text: string
}

/** Reads the part of YAML that compose.yaml is written in; the rest of it is refused, with the number of its line. */
export function readYaml(source: string): any {
  const lines = source
    .split('\n')
    .map((line, index): Line => ({ number: index + 1, indent: line.search(/\S/), text: line.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
  const anchors = new Map<string, unknown>()
  const content = block(lines.at(0)?.indent ?? 0)
  if (lines.length > 0) refuse(lines[0], 'is indented otherwise than what it belongs to')
  return content

  function block(indent: number) {
    return lines[0]?.text.startsWith('- ') ? sequence(indent) : mapping(indent)
  }

  function sequence(indent: number) {
    const items: unknown[] = []
    while (lines[0]?.indent === indent && lines[0].text.startsWith('- ')) {
      const line = lines.shift()!
      items.push(scalar(line.text.slice(2), line))
    }
    return items
  }

  function mapping(indent: number) {
    const content: Record<string, unknown> = {}
    while (lines[0]?.indent === indent) {
      const line = lines.shift()!
      const [, key, rest] = /^([\w.-]+):(?: (.+))?$/.exec(line.text) ?? refuse(line, 'is no key with a value')
      if (key in content) refuse(line, 'repeats a key')
      content[key] = value(rest ?? '', line)
    }
    return content
  }

  function value(rest: string, line: Line) {
    const [, anchor, text] = /^(?:&(\w+))?\s*(.*)$/.exec(rest)!
    const isNested = text === '' && lines[0]?.indent > line.indent
    const content = isNested ? block(lines[0].indent) : scalar(text, line)
    if (anchor) anchors.set(anchor, content)
    return content
  }

  function scalar(text: string, line: Line) {
    if (text === '') return null
    if (text.startsWith('*')) return anchors.get(text.slice(1)) ?? refuse(line, 'names an anchor that is not above it')
    if (/^['[][^"]*$/.test(text)) return JSON.parse(text.replaceAll("'", '"'))
    if (/^[&"{|>!%@`]|: | #|^- /.test(text)) refuse(line, 'is more YAML than is read here')
    return /^(\d+|true|false)$/.test(text) ? JSON.parse(text) : text
  }

  function refuse({ number, text }: Line, why: string): never {
    throw new SyntaxError(`Line ${number} ${why}: ${text}`)
  }
}
