import { inspect } from 'node:util';
import vm from 'node:vm';
import { type Failure, failureOf } from './cell-failure.ts';
import { type CompiledCell, Compiler } from './compile.ts';
import { COMPILING, type Guard, IDLE, RUNNING, startGuard } from './guard.ts';
import { Modules, type Origin } from './modules.ts';
import { type CellOutput, within } from './output.ts';
import { TypeScriptError } from './problems.ts';
import { createScope } from './scope.ts';
import { traceInSource } from './trace.ts';

const SHARED = Symbol.for('storelab.kernel.cell');
const DISPLAY = Symbol.for('Jupyter.display');

/** The notebook's state: its names, the modules it loaded, and the cell that runs. */
export class Session {
  readonly compiler: Compiler;
  readonly #root: string;
  readonly #modules: Modules;
  readonly #origins = new Map<string, Origin>();
  readonly #sources = new Map<string, string>();
  readonly #scope = createScope();
  readonly #guard: Guard;
  #declarations = '';
  #giveUp: ((why: Error) => void) | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#guard = startGuard(() => this.interrupt());
    this.compiler = new Compiler(root);
    this.#modules = new Modules(root, this.compiler.tslab.ts, this.#origins);
    traceInSource(root, this.#origins);
    Object.assign(globalThis, { [SHARED]: [this.#scope, this.#modules.requireForCells()] });
  }

  /** The kernel listens: what runs from now on is a cell's. */
  ready(): void {
    this.#guard.enter(IDLE);
  }

  /** A cell is about to run: from now on an interrupt means it. */
  begin(): void {
    this.#guard.enter(COMPILING);
  }

  /** Runs one cell to its end. Undefined where all went well. */
  async run(code: string, count: number, output: CellOutput): Promise<Failure | undefined> {
    const name = `Cell [${count}]`;
    this.#sources.set(name, code);
    try {
      await within(output, () => this.#run(code, name, output));
    } catch (error) {
      output.floating.unshift(error);
    }
    await aTurn();
    this.#guard.enter(IDLE);
    output.end();
    if (output.floating.length === 0) return undefined;
    return failureOf(output.floating[0], this.#sources, this.#root);
  }

  /** Gives the running cell up. What it started goes on in the background, as nothing in Node can be stopped. */
  interrupt(): void {
    const error = new Error('The cell was interrupted.');
    error.name = 'Interrupted';
    error.stack = `${error.name}: ${error.message}`;
    this.#giveUp?.(error);
  }

  complete(code: string, position: number) {
    return this.#compiling(() => this.compiler.complete(code, position, this.#declarations));
  }

  inspect(code: string, position: number): string | undefined {
    return this.#compiling(() => this.compiler.inspect(code, position, this.#declarations));
  }

  /** A late error, in the words of a cell's own. */
  describe(error: unknown): string {
    return failureOf(error, this.#sources, this.#root).traceback.join('\n');
  }

  async #run(code: string, name: string, output: CellOutput): Promise<void> {
    this.#modules.refresh();
    const compiled = this.#compiling(() => this.compiler.compile(code, this.#declarations));
    if (Array.isArray(compiled)) throw new TypeScriptError(compiled, name, this.#root);
    this.#origins.set(name, {
      name,
      maps: compiled.maps,
      linesBefore: 1,
      lines: compiled.code.split('\n').length,
    });
    await this.#execute(compiled, name);
    this.#declarations = compiled.declarations;
    if (!compiled.lastExpression) return;
    const value = this.#scope[compiled.lastExpression];
    delete this.#scope[compiled.lastExpression];
    const data = value === undefined ? undefined : shown(value);
    if (data === undefined) return;
    output.flush();
    output.publish('execute_result', {
      execution_count: Number(/\d+/.exec(name)),
      data,
      metadata: {},
    });
  }

  /** In a turn of its own, so that code which had to be terminated takes nothing of the kernel with it. */
  #execute({ code, awaits }: CompiledCell, name: string): Promise<void> {
    const wrapped = `(${awaits ? 'async ' : ''}function (exports, require) {\n${code}\n})(...globalThis[Symbol.for('${SHARED.description}')])`;
    return new Promise<void>((resolve, reject) => {
      let givenUp = false;
      this.#giveUp = (why) => {
        givenUp = true;
        reject(why);
      };
      setImmediate(() => {
        if (givenUp) return;
        this.#guard.enter(RUNNING);
        try {
          // Not resolve(promise): that would leave the cell waiting for it, whatever interrupts.
          Promise.resolve(
            vm.runInThisContext(wrapped, { filename: name, lineOffset: -1, displayErrors: false }),
          ).then(() => resolve(), reject);
        } catch (error) {
          reject(error);
        }
      });
    }).finally(() => {
      this.#giveUp = undefined;
    });
  }

  #compiling<T>(work: () => T): T {
    const before = this.#guard.phase();
    this.#guard.enter(COMPILING);
    try {
      return work();
    } finally {
      this.#guard.enter(before);
    }
  }
}

/** Rejections that nobody handles are known after one turn of the event loop. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The forms of a value; none where the value says that its display has shown it already. */
function shown(value: unknown): Record<string, unknown> | undefined {
  const display = (value as { [DISPLAY]?: () => Record<string, unknown> | undefined } | null)?.[DISPLAY];
  return typeof display === 'function' ? display.call(value) : { 'text/plain': inspect(value) };
}
