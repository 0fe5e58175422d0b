import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import vm from 'node:vm';
import { notText, plainText } from '../base/plain-text.ts';
import { stampOf } from './disk.ts';
import { localFile } from './specifiers.ts';
import type { TypeScript } from './tslab.ts';

interface Loaded {
  exports: Record<string, unknown>;
  /** Local files that it imported. */
  imports: Set<string>;
  stamp: string;
}

/** Where a piece of running code came from, for traces. */
export interface Origin {
  /** How a trace names it: `labs/01-initial-sync.ts`. */
  name: string;
  /** Source maps, to be followed one after the other. */
  maps: string[];
  /** Lines that were put before what was written. */
  linesBefore?: number;
  /** Lines of running code: what lies beyond is the kernel's own. */
  lines?: number;
}

export type Require = (specifier: string) => unknown;

/**
 * Loads the repository's own TypeScript for cells, and loads it again when it was edited.
 *
 * A cell that imported a name sees the newest code at its next use: what cells are given is a view of the module,
 * not the module. Before a cell runs, `refresh()` forgets every file that changed and every file that imports one.
 */
export class Modules {
  /** By the name that the engine knows code under, here the file's absolute path. */
  readonly origins: Map<string, Origin>;
  readonly #root: string;
  readonly #ts: TypeScript;
  readonly #loaded = new Map<string, Loaded>();
  readonly #views = new Map<string, object>();

  constructor(root: string, compiler: TypeScript, origins: Map<string, Origin>) {
    this.#root = root;
    this.#ts = compiler;
    this.origins = origins;
  }

  /** What a cell calls `require`: paths are taken from the repository's root. */
  requireForCells(): Require {
    const packages = createRequire(join(this.#root, 'package.json'));
    return (specifier) => {
      const file = localFile(specifier, this.#root, this.#root);
      return file ? this.#view(file) : packages(specifier);
    };
  }

  /** Forgets what changed on disk, and what was made from it. The next use loads it again. */
  refresh(): void {
    const stale = new Set<string>();
    for (const [file, { stamp }] of this.#loaded) if (stampOf(file) !== stamp) stale.add(file);
    this.#forget(stale);
  }

  #forget(stale: Set<string>): void {
    for (let before = -1; before !== stale.size; ) {
      before = stale.size;
      for (const [file, { imports }] of this.#loaded)
        if ([...imports].some((one) => stale.has(one))) stale.add(file);
    }
    for (const file of stale) this.#loaded.delete(file);
  }

  #view(file: string): object {
    const exports = this.#load(file);
    // JSON, and what assigned to module.exports: no view could stand for a list or a function.
    if (!exports.__esModule) return exports;
    const known = this.#views.get(file);
    if (known) return known;
    const now = () => this.#load(file);
    const view = new Proxy(
      {},
      {
        get: (_, name) => now()[name as string],
        has: (_, name) => name in now(),
        ownKeys: () => Reflect.ownKeys(now()),
        getOwnPropertyDescriptor: (_, name) => {
          const found = Reflect.getOwnPropertyDescriptor(now(), name);
          return found && { ...found, configurable: true };
        },
      },
    );
    this.#views.set(file, view);
    return view;
  }

  #load(file: string): Record<string, unknown> {
    const known = this.#loaded.get(file);
    if (known) return known.exports;
    const loaded: Loaded = { exports: {}, imports: new Set(), stamp: stampOf(file) };
    // Before it ran, so that a circular import is given what there is so far, as everywhere in Node.
    this.#loaded.set(file, loaded);
    try {
      const module = { exports: loaded.exports };
      if (file.endsWith('.json')) module.exports = JSON.parse(readFileSync(file, 'utf8'));
      else this.#run(file, module, loaded);
      loaded.exports = module.exports;
      return loaded.exports;
    } catch (error) {
      this.#forget(new Set([file]));
      throw error;
    }
  }

  #run(file: string, module: { exports: Record<string, unknown> }, loaded: Loaded): void {
    const packages = createRequire(file);
    const folder = dirname(file);
    const require = (specifier: string) => {
      const local = localFile(specifier, folder, this.#root);
      if (!local) return packages(specifier);
      loaded.imports.add(local);
      return this.#load(local);
    };
    const code = this.#compile(file);
    const wrapped = `(function (exports, require, module, __filename, __dirname) {\n${code}\n})`;
    const run = vm.runInThisContext(wrapped, { filename: file, lineOffset: -1, displayErrors: false });
    run.call(module.exports, module.exports, Object.assign(require, packages), module, file, folder);
  }

  #compile(file: string): string {
    const { ModuleKind, ScriptTarget, flattenDiagnosticMessageText, transpileModule } = this.#ts;
    const source = plainText(readFileSync(file))?.text;
    if (source === undefined) throw new SyntaxError(`${relative(this.#root, file)}: ${notText}`);
    const { outputText, sourceMapText, diagnostics } = transpileModule(source, {
      fileName: file,
      reportDiagnostics: true,
      compilerOptions: {
        module: ModuleKind.CommonJS,
        target: ScriptTarget.ES2022,
        esModuleInterop: true,
        sourceMap: true,
      },
    });
    const name = relative(this.#root, file);
    const wrong = diagnostics?.find((one) => one.file && one.start !== undefined);
    if (wrong) {
      const { line } = wrong.file!.getLineAndCharacterOfPosition(wrong.start!);
      throw new SyntaxError(
        `${name}, line ${line + 1}: ${flattenDiagnosticMessageText(wrong.messageText, '\n')}`,
      );
    }
    this.origins.set(file, { name, maps: [sourceMapText!] });
    return outputText.replace(/\/\/# sourceMappingURL=\S*\s*$/, '');
  }
}
