import { join } from 'node:path';
import type ts from '@tslab/typescript-for-tslab';
import type { ConvertResult } from 'tslab/dist/converter.js';
import { awaitsInLoop, isCell, type Problem, problemsOf } from './cell-file.ts';
import { Disk } from './disk.ts';
import { withoutExports } from './exports.ts';
import { FileChecks } from './file-checks.ts';
import { compilerOptions } from './options.ts';
import { keepNames } from './shorthand.ts';
import { holdManyTimers } from './timers.ts';
import { type Converter, loadTslab, type Tslab, type TypeScript } from './tslab.ts';

/** A cell, ready to run: a function body in JavaScript that reads and writes `exports` and calls `require`. */
export interface CompiledCell {
  code: string;
  /** What later cells are told of this cell's names, as the text of a declaration file. */
  declarations: string;
  /** The name under which the value of the last expression is exported. */
  lastExpression: string | undefined;
  /** The cell awaits something at its top level. */
  awaits: boolean;
  /** Source maps from `code` back to the cell, to be followed one after the other. */
  maps: string[];
}

const LIBRARY = join(import.meta.dirname, 'es2023-copies.d.ts');
const MAP_COMMENT = '//# sourceMappingURL=data:';
const NOT_FOUND = new Set([2307, 7016, 2792]);

/** Compiles cells with tslab's converter. One a process: tslab is loaded with functions that lead back here. */
export class Compiler {
  readonly tslab: Tslab;
  readonly #disk: Disk;
  #converter: Converter;
  #found: readonly ts.Diagnostic[] = [];
  readonly #checks: FileChecks;
  #builder: ts.EmitAndSemanticDiagnosticsBuilderProgram | undefined;
  #maps: string[] = [];
  #awaits = false;

  constructor(root: string) {
    this.#checks = new FileChecks(root);
    let disk: Disk | undefined;
    this.tslab = loadTslab(root, (compiler) => {
      disk = new Disk(compiler.FileWatcherEventKind);
      return this.#replacements(compiler, disk);
    });
    this.#disk = disk!;
    this.#converter = this.tslab.createConverter();
  }

  /** Compiles a cell, which may use what `declarations` tells of the cells before it. */
  compile(written: string, declarations: string): CompiledCell | Problem[] {
    const code = withoutExports(this.tslab.ts, written);
    if (typeof code !== 'string') return [code];
    const result = this.#guarded(() => {
      this.#disk.refresh();
      let converted = this.#convert(code, declarations);
      if (converted.diagnostics.some((one) => NOT_FOUND.has(one.code))) {
        this.#disk.lookAgain();
        converted = this.#convert(code, declarations);
      }
      return converted;
    });
    if (result.diagnostics.length > 0) return problemsOf(this.#found, result, this.tslab.ts);
    return {
      code: result.output ?? '',
      declarations: result.declOutput ?? '',
      lastExpression: result.lastExpressionVar,
      awaits: this.#awaits || result.hasToplevelAwait === true,
      maps: this.#maps,
    };
  }

  complete(code: string, position: number, declarations: string) {
    return this.#guarded(() => {
      this.#disk.refresh();
      return this.#converter.complete(declarations, code, position);
    });
  }

  inspect(code: string, position: number, declarations: string): string | undefined {
    const info = this.#guarded(() => {
      this.#disk.refresh();
      return this.#converter.inspect(declarations, code, position);
    });
    return info && this.tslab.printQuickInfo(info);
  }

  /** A compiler that threw is in no state to go on: it is replaced, and the work tried once more. */
  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch {
      this.#converter = this.tslab.createConverter();
      return work();
    }
  }

  #convert(code: string, declarations: string): ConvertResult {
    this.#maps = [];
    this.#awaits = false;
    return this.#converter.convert(declarations, code);
  }

  /** Files that a cell imports are compiled when they are loaded (see modules.ts); here only the cell is. */
  #emitCellOnly(compiler: TypeScript, builder: ts.EmitAndSemanticDiagnosticsBuilderProgram): void {
    const emit = builder.emit.bind(builder);
    builder.emit = (file, write, token, declarationsOnly, transformers) => {
      if (!isCell(file)) return { emitSkipped: true, diagnostics: [] };
      this.#awaits = awaitsInLoop(compiler, file);
      const before = [keepNames(compiler, builder.getProgram().getTypeChecker())];
      return emit(file, write, token, declarationsOnly, { ...transformers, before });
    };
  }

  #replacements(compiler: TypeScript, disk: Disk): Partial<TypeScript> {
    const sys: ts.System = Object.create(compiler.sys);
    sys.watchFile = (path, callback) => disk.watchFile(path, callback);
    sys.watchDirectory = (path, callback) => disk.watchFolder(path, callback);
    compiler.sys.useCaseSensitiveFileNames = true;

    const createWatchCompilerHost = (
      files: string[],
      given: ts.CompilerOptions,
      system: ts.System,
      ...rest: unknown[]
    ) => {
      holdManyTimers(system);
      const options = { ...given, ...compilerOptions(compiler) };
      // biome-ignore lint/suspicious/noExplicitAny: an overloaded function, called as tslab calls it
      const host = (compiler.createWatchCompilerHost as any)([...files, LIBRARY], options, system, ...rest);
      let after: (builder: ts.EmitAndSemanticDiagnosticsBuilderProgram) => void = () => {};
      Object.defineProperty(host, 'afterProgramCreate', {
        get: () => (builder: ts.EmitAndSemanticDiagnosticsBuilderProgram) => {
          this.#builder = builder;
          this.#emitCellOnly(compiler, builder);
          after(builder);
        },
        set: (given) => {
          after = given;
        },
      });
      return host;
    };

    const getPreEmitDiagnosticsOfFiles = (program: ts.Program, [cell, ...imported]: ts.SourceFile[]) => {
      // biome-ignore lint/suspicious/noExplicitAny: exists only in tslab's TypeScript
      const inCell: ts.Diagnostic[] = (compiler as any).getPreEmitDiagnosticsOfFiles(program, [cell]);
      this.#found = [...inCell, ...imported.flatMap((file) => this.#checks.check(this.#builder!, file))];
      return this.#found;
    };

    const transpileModule = (code: string, options: ts.TranspileOptions): ts.TranspileOutput => {
      const end = code.lastIndexOf(MAP_COMMENT);
      const map = code.slice(end).replace(/^[^,]*,/, '');
      const output = compiler.transpileModule(code.slice(0, end), {
        ...options,
        compilerOptions: { ...options.compilerOptions, sourceMap: true },
      });
      this.#maps = [output.sourceMapText!, Buffer.from(map, 'base64').toString()];
      return { ...output, outputText: output.outputText.replace(/\/\/# sourceMappingURL=\S*\s*$/, '') };
    };

    return {
      sys,
      createWatchCompilerHost,
      getPreEmitDiagnosticsOfFiles,
      transpileModule,
    } as unknown as Partial<TypeScript>;
  }
}
