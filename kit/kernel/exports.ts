import type ts from '@tslab/typescript-for-tslab';
import type { Problem } from './cell-file.ts';
import type { TypeScript } from './tslab.ts';

/** 1184 is the compiler's own code for an `export` where none may stand. */
const problem = (file: ts.SourceFile, at: number, message: string): Problem => {
  const { line, character } = file.getLineAndCharacterOfPosition(at);
  return { file: undefined, line: line + 1, column: character + 1, code: 1184, message };
};

/**
 * A cell as it is without its `export`s, each thing in its line and column: what a cell declares, later cells know
 * anyway. `export default 1` is its value; `export { a }` alone is nothing.
 *
 * @returns the text, or what a cell cannot do: rename as it exports, or export from another file.
 * @example withoutExports(compiler, 'export const a = 1') // '       const a = 1'
 */
export function withoutExports(compiler: TypeScript, code: string): string | Problem {
  if (!/\bexport\b/.test(code)) return code;
  const file = compiler.createSourceFile('cell.ts', code, compiler.ScriptTarget.ES2022, true);
  const edits: { from: number; to: number; text: string }[] = [];
  /** Leaves line ends where they are. */
  const blank = (from: number, to: number, instead = '') =>
    edits.push({ from, to, text: instead + code.slice(from + instead.length, to).replace(/[^\r\n]/g, ' ') });
  const asValue = (from: number, value: number, end: number) => {
    blank(from, value, ';(');
    edits.push({ from: end, to: end, text: ')' });
  };

  for (const statement of file.statements) {
    const start = statement.getStart(file);
    if (compiler.isExportAssignment(statement)) {
      asValue(start, statement.expression.getStart(file), statement.expression.getEnd());
    } else if (compiler.isExportDeclaration(statement)) {
      if (statement.moduleSpecifier)
        return problem(file, start, 'This exports from another file: write `import` in place of `export`.');
      const { exportClause } = statement;
      const renames =
        exportClause &&
        compiler.isNamedExports(exportClause) &&
        exportClause.elements.some(
          ({ propertyName, name }) => propertyName && propertyName.text !== name.text,
        );
      if (renames)
        return problem(
          file,
          start,
          'This exports under another name: write `const other = name` in its place.',
        );
      blank(start, statement.getEnd());
    } else if (compiler.canHaveModifiers(statement)) {
      const words = (compiler.getModifiers(statement) ?? []).filter(({ kind }) =>
        [compiler.SyntaxKind.ExportKeyword, compiler.SyntaxKind.DefaultKeyword].includes(kind),
      );
      const nameless =
        (compiler.isFunctionDeclaration(statement) || compiler.isClassDeclaration(statement)) &&
        !statement.name;
      const last = words.at(-1);
      if (last && nameless) asValue(start, last.getEnd(), statement.getEnd());
      else for (const word of words) blank(word.getStart(file), word.getEnd());
    }
  }
  return edits.reduceRight(
    (text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to),
    code,
  );
}
