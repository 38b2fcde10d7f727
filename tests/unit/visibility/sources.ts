import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'

export interface Source {
  file: string
  text: string
}

/** What tells that a call says for whom it finds something. */
const FOR_SOMEBODY = /\bauth\.user\b|\b(viewer|owner|author)\b/

/** A read of what belongs to somebody. */
const READS = /\b(?:from|join)\s+(?:posts|users|profiles|media|comments)\b/i

const SCOPE = /\b(?:visible(?:User|Post|Comment)|onVisiblePost)\(/

export async function sourcesIn(folder: string): Promise<Source[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).toSorted()
  return Promise.all(
    names.map(async (name) => ({ file: join(folder, name), text: await readFile(join(folder, name), 'utf8') }))
  )
}

/** The calls of what comes from `#models` that name no viewer and no owner, as `User.signUp`. */
export function callsForNobody({ file, text }: Source): string[] {
  const source = parsed(file, text)
  const models = new Set<string>()
  const calls: string[] = []
  walk(source, (node) => {
    if (ts.isImportDeclaration(node) && /^'#models\//.test(node.moduleSpecifier.getText()))
      node.importClause
        ?.getText()
        .match(/\w+/g)
        ?.forEach((name) => models.add(name))
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return
    const { expression, name } = node.expression
    if (!models.has(expression.getText())) return
    if (!node.arguments.some((each) => FOR_SOMEBODY.test(each.getText())))
      calls.push(`${expression.getText()}.${name.text}`)
  })
  return calls
}

/** The names of the statements that read what belongs to somebody and do not ask whether the viewer may see it. */
export function statementsForAnyone(sources: Source[]): string[] {
  const declared = new Map<string, ts.Node>()
  const statements: ts.NewExpression[] = []
  for (const { file, text } of sources) {
    walk(parsed(file, text), (node) => {
      if (ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node)) declare(declared, file, node)
      if (ts.isNewExpression(node) && node.expression.getText() === 'Statement') statements.push(node)
    })
  }
  return statements
    .filter((statement) => {
      const text = expanded(statement.arguments![1], declared, statement.getSourceFile().fileName)
      return READS.test(text) && !SCOPE.test(text)
    })
    .map((statement) => statement.arguments![0].getText().slice(1, -1))
}

function declare(declared: Map<string, ts.Node>, file: string, node: ts.VariableDeclaration | ts.FunctionDeclaration) {
  const name = node.name?.getText() ?? ''
  declared.set(`${file} ${name}`, node)
  if (!declared.has(name)) declared.set(name, node)
}

/** The source of an expression, with that of all that it names; the file's own declarations go before those of others. */
function expanded(node: ts.Node, declared: Map<string, ts.Node>, file: string, seen = new Set<ts.Node>()): string {
  if (seen.has(node)) return ''
  seen.add(node)
  const texts = [node.getText()]
  walk(node, (each) => {
    if (!ts.isIdentifier(each)) return
    const declaration = declared.get(`${file} ${each.text}`) ?? declared.get(each.text)
    const isScope = declaration?.getSourceFile().fileName.endsWith('visibility.ts')
    if (declaration && !isScope) texts.push(expanded(declaration, declared, declaration.getSourceFile().fileName, seen))
  })
  return texts.join('\n')
}

function parsed(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
}

function walk(node: ts.Node, visit: (node: ts.Node) => void) {
  visit(node)
  node.forEachChild((child) => walk(child, visit))
}
