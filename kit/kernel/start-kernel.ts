import { readConnection } from './connection-file.ts';
import { KernelServer } from './kernel-server.ts';
import { CellOutput, captureStreams, currentOutput } from './output.ts';
import { Session } from './session.ts';

export interface KernelOptions {
  /** The repository's root, absolute. */
  root: string;
  /** The file in which Jupyter names ports and key. */
  connectionFile: string;
}

/** Starts the kernel in this process, which it keeps until Jupyter shuts it down or is gone. */
export async function startKernel({ root, connectionFile }: KernelOptions): Promise<void> {
  const exit = process.exit.bind(process);
  const session = new Session(root);
  const { tslab } = session.compiler;
  let count = 0;

  const server = new KernelServer(readConnection(connectionFile), {
    async execute({ code, silent, store_history }, publish) {
      session.begin();
      if (!silent && store_history !== false) count++;
      const mayPublish = silent ? () => {} : publish;
      mayPublish('execute_input', { code, execution_count: count });
      const failure = await session.run(String(code), count, new CellOutput(mayPublish));
      if (!failure) return { status: 'ok', execution_count: count, payload: [], user_expressions: {} };
      mayPublish('error', { ...failure });
      return { status: 'error', execution_count: count, ...failure };
    },
    answer(type, content) {
      switch (type) {
        case 'kernel_info_request':
          return kernelInfo(tslab.ts.version);
        case 'complete_request': {
          const code = String(content.code);
          const { start, end, candidates } = session.complete(
            code,
            toUnits(code, Number(content.cursor_pos)),
          );
          const [cursor_start, cursor_end] = [toLetters(code, start), toLetters(code, end)];
          return { status: 'ok', matches: candidates, cursor_start, cursor_end, metadata: {} };
        }
        case 'inspect_request': {
          const code = String(content.code);
          const text = session.inspect(code, toUnits(code, Number(content.cursor_pos)));
          return { status: 'ok', found: !!text, data: text ? { 'text/plain': text } : {}, metadata: {} };
        }
        case 'is_complete_request': {
          const { completed, indent } = tslab.isCompleteCode(String(content.code));
          return completed ? { status: 'complete' } : { status: 'incomplete', indent: indent ?? '' };
        }
        case 'comm_info_request':
          return { status: 'ok', comms: {} };
        case 'history_request':
          return { status: 'ok', history: [] };
        case 'interrupt_request':
          session.interrupt();
          return { status: 'ok' };
        case 'shutdown_request':
          return { status: 'ok', restart: content.restart === true };
        default:
          return undefined;
      }
    },
    // Open clients of Redis or MySQL must not keep the process; the reply is given the time to leave.
    shutdown: () => setTimeout(() => exit(0), 100),
  });

  captureStreams();
  tslab.displayTo((content, update) => currentOutput()?.display(content, update));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      const output = currentOutput();
      if (output && !output.ended) output.floating.push(error);
      else process.stderr.write(`${session.describe(error)}\n`);
    });
  }
  process.exit = (() => {
    throw new Error(
      'process.exit() would end the kernel, and all that your cells have defined would be lost: throw an error instead.',
    );
  }) as typeof process.exit;
  await server.listen();
  session.ready();
}

/** Jupyter counts an emoji as one, JavaScript as two. */
const toUnits = (code: string, letters: number) => [...code].slice(0, letters).join('').length;
const toLetters = (code: string, units: number) => [...code.slice(0, units)].length;

function kernelInfo(version: string) {
  return {
    status: 'ok',
    protocol_version: '5.3',
    implementation: 'storelab',
    implementation_version: '1.0.0',
    banner: `TypeScript ${version} on Node ${process.version}`,
    help_links: [],
    language_info: {
      name: 'typescript',
      version,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      // JupyterLab takes `mode`, older front ends `name` and `typescript`.
      codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
    },
  };
}
