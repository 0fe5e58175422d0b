import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importsOf } from '../base/imports-of.ts';
import type { NamedText } from './find-leaks.ts';

/** Imports of files of the kit that an edition does not hold: each is a file to mark with `// needs: answers`. */
export function brokenImports(edition: readonly NamedText[], folder: string): string[] {
  return edition.flatMap((file) =>
    importsOf(file)
      .filter(({ to }) => !existsSync(join(folder, to)))
      .map(({ to }) => `${file.path} imports ${to}, which is left out: begin it with "// needs: answers"`),
  );
}

/** Notebooks that were committed with outputs, which may show an answer's. */
export function dirtyNotebooks(edition: readonly NamedText[]): string[] {
  interface Cell {
    outputs?: unknown[];
    execution_count?: number | null;
  }
  return edition
    .filter(({ path }) => path.endsWith('.ipynb'))
    .filter(({ text }) =>
      (JSON.parse(text).cells as Cell[]).some((cell) => cell.outputs?.length || cell.execution_count),
    )
    .map(({ path }) => `${path} is committed with outputs: clear them, commit, and release again`);
}

/** Commands of `./lab`, npm scripts and files that the README names and the edition does not hold. */
export function readmeFaults(readme: string, folder: string, scripts: readonly string[]): string[] {
  const all = (pattern: RegExp) => [...readme.matchAll(pattern)].map(([, found]) => found!);
  const commands = all(/\.\/lab ([a-z]+)/g).filter(
    (name) => !existsSync(join(folder, `kit/commands/${name}.ts`)),
  );
  const wrong = [...all(/npm run ([\w:]+)/g)].filter((name) => !scripts.includes(name));
  const files = [...all(/\]\((?!http)([^)#]+)\)/g), ...all(/(?:src|srcset)="([^"]+)"/g)];
  return [
    ...commands.map((name) => `./lab ${name}`),
    ...wrong.map((name) => `npm run ${name}`),
    ...files.filter((path) => !existsSync(join(folder, path))),
  ].map((what) => `README.md names ${what}, which students do not have: mark it with <!-- teachers -->`);
}
