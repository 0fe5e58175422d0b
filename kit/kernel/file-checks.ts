import { sep } from 'node:path';
import type ts from '@tslab/typescript-for-tslab';

type Builder = ts.EmitAndSemanticDiagnosticsBuilderProgram;

/**
 * Checks the files that a cell imports, each once for as long as neither it nor what it imports changes: a few lines
 * that make a client can cost the compiler a second.
 *
 * The course's own files (`src`, `apps`, `kit`) are left out. `./lab types` checks them, and no student edits them.
 */
export class FileChecks {
  readonly #own: string[];
  readonly #known = new Map<string, { versions: string; found: readonly ts.Diagnostic[] }>();

  constructor(root: string) {
    this.#own = ['src', 'apps', 'kit'].map((top) => `${root}${sep}${top}${sep}`.replaceAll(sep, '/'));
  }

  check(builder: Builder, file: ts.SourceFile): readonly ts.Diagnostic[] {
    if (this.#own.some((top) => file.fileName.startsWith(top))) return [];
    const versions = builder
      .getAllDependencies(file)
      .map((name) => `${name}:${versionOf(builder, name)}`)
      .join('\n');
    const known = this.#known.get(file.fileName);
    if (known?.versions === versions) return known.found;
    const program = builder.getProgram();
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    this.#known.set(file.fileName, { versions, found });
    return found;
  }
}

/** The compiler gives each file of a watched program a version, and hides it. */
function versionOf(builder: Builder, name: string): string | undefined {
  return (builder.getSourceFile(name) as { version?: string } | undefined)?.version;
}
