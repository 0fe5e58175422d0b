import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildResult, build, type Message, type Plugin } from 'esbuild';
import { notText, plainText } from '../../base/plain-text.ts';
import { writeWhole } from '../../base/write-whole.ts';
import { transpiledFolder } from './bundle.ts';
import { assignsExports, commonjsAt, requireSentence } from './commonjs.ts';
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
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new CannotLoad(
      error.code === 'ENOENT' ? 'The file is not there.' : `The file cannot be read (${error.code}).`,
    );
  });
  const source = plainText(bytes)?.text;
  if (source === undefined) throw new CannotLoad(notText);
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
    metafile: true,
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
        plainly(first.text),
        location ? { line: location.line, column: location.column + 1, text: location.lineText } : undefined,
      );
    },
  );
  refuseCommonjs(source, built);
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

const INVISIBLE = /^Unexpected "\\u(200[b-d]|2060|180e)"/;

/** The compiler's words for what a student cannot see, as a sentence. */
function plainly(text: string): string {
  const code = INVISIBLE.exec(text)?.[1];
  return code
    ? `There is an invisible character here (U+${code.toUpperCase()}): delete it, and write a space.`
    : text;
}

/** @throws CannotLoad for a file that exports as CommonJS does: its functions would have no names here. */
function refuseCommonjs(source: string, { metafile, warnings }: BuildResult<{ metafile: true }>): void {
  const isCommonjs = Object.entries(metafile.inputs).some(
    ([path, { format }]) => format === 'cjs' && !/^(bundled|nothing):/.test(path),
  );
  const mixed = warnings.some(
    ({ id, location }) => id === 'commonjs-variable-in-esm' && assignsExports(location?.lineText ?? ''),
  );
  if (!isCommonjs && !mixed) return;
  const { message, ...place } = commonjsAt(source);
  throw new CannotLoad(message, place);
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
        if (kind === 'require-call' || kind === 'require-resolve')
          return { errors: [{ text: requireSentence(path) }] };
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
