import type ts from '@tslab/typescript-for-tslab';
import { compiler } from '../../judge/stub-functions.ts';
import { markdownParser } from './markdown-parser.ts';
import { languageOf } from './render.ts';

/** A fence of TypeScript in an answer. */
export interface Fence {
  code: string;
  /** Line of the Markdown on which its code begins, from 0. */
  line: number;
}

/** A statement at the top of a fence. */
export interface Part {
  from: number;
  to: number;
  /** Values that it gives a name to: functions, variables, classes, imports. */
  names: string[];
  kind: 'import' | 'declaration' | 'type' | 'action';
  exported: boolean;
}

const isTypescript = (info: string): boolean => ['ts', 'typescript', 'mts'].includes(languageOf(info));

export function fencesOf(markdown: string): Fence[] {
  return markdownParser()
    .parse(markdown, {})
    .flatMap(({ type, info, map, content }) =>
      type === 'fence' && map && isTypescript(info)
        ? [{ code: content.replace(/\n$/, ''), line: map[0] + 1 }]
        : [],
    );
}

/** Something is left out on purpose: `// ...`, or the mark of an ellipsis. */
const leavesOut = /(?:\/\/|\/\*)\s*(?:\.\.\.|…)|^\s*…/m;

/** What a fence consists of, or undefined for a fragment: it does not parse alone, or leaves something out. */
export function partsOf(fence: Fence): Part[] | undefined {
  try {
    return parse(fence);
  } catch (error) {
    // A hundred thousand brackets in one another are more than the parser's stack holds.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function parse({ code }: Fence): Part[] | undefined {
  const t = compiler();
  const file = t.createSourceFile('fence.ts', code, t.ScriptTarget.ESNext, true);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: unknown[] };
  if (parseDiagnostics.length > 0 || leavesOut.test(code)) return undefined;
  return file.statements.map((statement) => ({
    from: statement.getFullStart(),
    to: statement.end,
    exported:
      t.canHaveModifiers(statement) &&
      (statement.modifiers?.some(({ kind }) => kind === t.SyntaxKind.ExportKeyword) ?? false),
    ...describe(statement),
  }));
}

function describe(statement: ts.Statement): Pick<Part, 'names' | 'kind'> {
  const t = compiler();
  if (t.isImportDeclaration(statement)) return { kind: 'import', names: importedBy(statement) };
  if (t.isInterfaceDeclaration(statement) || t.isTypeAliasDeclaration(statement))
    return { kind: 'type', names: [] };
  if (t.isExportDeclaration(statement)) return { kind: 'type', names: [] };
  if (
    t.isFunctionDeclaration(statement) ||
    t.isClassDeclaration(statement) ||
    t.isEnumDeclaration(statement)
  ) {
    const isSignature = t.isFunctionDeclaration(statement) && !statement.body;
    return { kind: 'declaration', names: isSignature || !statement.name ? [] : [statement.name.text] };
  }
  // `const order = await ...` runs when it is loaded: an example of use, as a call is.
  if (!t.isVariableStatement(statement) || waits(statement)) return { kind: 'action', names: [] };
  return {
    kind: 'declaration',
    names: statement.declarationList.declarations.flatMap(({ name }) => boundBy(name)),
  };
}

function importedBy({ importClause }: ts.ImportDeclaration): string[] {
  const t = compiler();
  if (!importClause || importClause.isTypeOnly) return [];
  const bindings = importClause.namedBindings;
  const named = !bindings
    ? []
    : t.isNamespaceImport(bindings)
      ? [bindings.name.text]
      : bindings.elements.map(({ name }) => name.text);
  return importClause.name ? [importClause.name.text, ...named] : named;
}

function boundBy(name: ts.BindingName): string[] {
  const t = compiler();
  if (t.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (t.isOmittedExpression(element) ? [] : boundBy(element.name)));
}

/** An `await` outside of any function. */
function waits(node: ts.Node): boolean {
  const t = compiler();
  if (t.isAwaitExpression(node)) return true;
  if (t.isFunctionLike(node)) return false;
  return t.forEachChild(node, (child) => waits(child) || undefined) ?? false;
}
