import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Message, type Plugin } from 'esbuild';
import { writeWhole } from '../../base/write-whole.ts';
import { transpiledFolder } from './bundle.ts';
import { bundled, bundledModule } from './package-names.ts';

/** A student's file made ready to load. */
export interface Transpiled {
  /** The JavaScript, with an inline source map; what it imports of packages is the runner's own. */
  file: string;
  /** Which of the runner's packages it imports: `['ioredis']`. */
  imports: readonly string[];
}

/** Why a file cannot be loaded, with the place in the student's own text. `line` and `column` count from 1. */
export class CannotLoad extends Error {
  override name = 'CannotLoad';
  line: number | undefined;
  column: number | undefined;
  /** The source line, as written. */
  text: string | undefined;
  constructor(message: string, place?: { line?: number; column?: number; text?: string }) {
    super(message);
    this.line = place?.line;
    this.column = place?.column;
    this.text = place?.text;
  }
}

/** Every stub imports it, for `npx tsx labs/01-initial-sync.ts`. It does nothing in a module, so the judge leaves it out. */
const AS_COMMAND = '../src/lab/as-command.ts';

/**
 * Transpiles one lab file. It may import types from anywhere, Node's own modules and `packages`; the rest is
 * refused with the line. Nothing of it runs here.
 *
 * @throws CannotLoad for a missing file, a syntax error or an import that a lab may not make.
 */
export async function transpile(file: string, packages: readonly string[]): Promise<Transpiled> {
  const imports = new Set<string>();
  const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CannotLoad(
      error.code === 'ENOENT' ? 'The file is not there.' : `The file cannot be read (${error.code}).`,
    );
  });
  const options = {
    stdin: { contents: source, sourcefile: file, loader: 'ts', resolveDir: '/' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    sourcemap: 'external',
    sourcesContent: true,
    outfile: 'lab.mjs', // nothing is written: it names the two outputs
    write: false,
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [onlyAllowedImports(packages, imports)],
  } as const;
  const built = await build({ ...options, plugins: [...options.plugins] }).catch(
    (error: { errors?: Message[] }) => {
      const first = error.errors?.[0];
      if (!first) throw error;
      const { location } = first;
      throw new CannotLoad(
        first.text,
        location ? { line: location.line, column: location.column + 1, text: location.lineText } : undefined,
      );
    },
  );
  const [map, code] = built.outputFiles.map((output) => output.text) as [string, string];
  // esbuild writes paths relative to a folder; stacks should name the student's file as it is.
  const made = JSON.parse(map) as { sources: string[] };
  const sources = made.sources.map((one) => (one.startsWith('bundled:') ? one : pathToFileURL(file).href));
  const absolute = JSON.stringify({ ...made, sources });
  const text = `${code}//# sourceMappingURL=data:application/json;base64,${Buffer.from(absolute).toString('base64')}\n`;
  const folder = transpiledFolder();
  await mkdir(folder, { recursive: true });
  const out = join(
    folder,
    `${createHash('sha256').update(file).update(text).digest('hex').slice(0, 20)}.mjs`,
  );
  await writeWhole(out, text);
  return { file: out, imports: [...imports] };
}

/** What a file takes of them is added to `imports`. */
function onlyAllowedImports(packages: readonly string[], imports: Set<string>): Plugin {
  const listed = (path: string) =>
    bundled.has(path) && packages.some((name) => path === name || path.startsWith(`${name}/`));
  return {
    name: 'only-allowed-imports',
    setup(builder) {
      builder.onResolve({ filter: /.*/ }, ({ path, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (path === AS_COMMAND) return { path, namespace: 'nothing', sideEffects: false };
        if (isBuiltin(path)) return { path, external: true };
        if (listed(path)) {
          imports.add(path);
          return { path, namespace: 'bundled' };
        }
        const may =
          packages.length > 0 ? `${packages.join(', ')} and Node's own modules` : "Node's own modules";
        return { errors: [{ text: `A lab may not import "${path}": only types, ${may}.` }] };
      });
      builder.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '' }));
      builder.onLoad({ filter: /.*/, namespace: 'bundled' }, async ({ path }) => ({
        contents: await bundledModule(path),
      }));
    },
  };
}
