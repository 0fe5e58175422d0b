import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Dealer, Request, Subscriber } from 'zeromq';
import { addressOf, type Connection } from '../../../kit/kernel/connection-file.ts';
import { decode, encode, type Message, message } from '../../../kit/kernel/jupyter-message.ts';

type Content = Record<string, unknown>;

/** One output of a cell, as a notebook keeps it. */
export interface Output {
  type: string;
  content: Content;
  /** The request that it belongs to. */
  cell: string;
}

export interface Executed {
  id: string;
  reply: Content & { status: 'ok' | 'error' | 'aborted' };
  outputs: Output[];
  /** All of stdout, and of stderr. */
  stdout: string;
  stderr: string;
  /** The plain text of the last expression's value. */
  result: string | undefined;
}

export interface ExecuteOptions {
  stop_on_error?: boolean;
  silent?: boolean;
}

export interface KernelClient {
  process: ChildProcess;
  /** What the kernel's process wrote outside of cells. */
  log(): string;
  execute(code: string, options?: ExecuteOptions): Promise<Executed>;
  /** The same, in short: the plain text of the last expression's value, or the error as `Name: what it says`. */
  resultOf(code: string): Promise<string | undefined>;
  /** Any request but execute: the content of its reply. */
  ask(type: string, content?: Content, channel?: 'shell' | 'control'): Promise<Content>;
  /** Resolves with the first output that `wanted` accepts, of any cell and from the start. */
  output(wanted: (output: Output) => boolean): Promise<Output>;
  ping(text: string): Promise<string>;
  interrupt(): void;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks for shutdown and waits for the process's end. */
  shutdown(): Promise<void>;
  /** Sends a request whose signature is wrong. */
  forge(): Promise<void>;
}

export interface StartOptions {
  /** The repository in which the kernel starts. Default: this one. */
  root?: string;
  /** The command line but for the connection file. Default: the kernelspec's. */
  command?: string[];
  cwd?: string;
}

/** Starts a kernel as Jupyter does: a connection file, five channels, signed messages. */
export async function startKernel({ root = resolve('.'), command, cwd = tmpdir() }: StartOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'storelab-kernel-'));
  const ports = await freePorts(5);
  const connection: Connection = {
    transport: 'tcp',
    ip: '127.0.0.1',
    key: randomUUID(),
    signature_scheme: 'hmac-sha256',
    shell_port: ports[0]!,
    iopub_port: ports[1]!,
    control_port: ports[2]!,
    stdin_port: ports[3]!,
    hb_port: ports[4]!,
  };
  const file = join(folder, 'connection.json');
  await writeFile(file, JSON.stringify(connection));
  const [program, ...args] = command ?? ['sh', join(root, '.jupyter/kernels/storelab/start.sh')];
  const child = spawn(program!, [...args, file], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  const client = await connect(connection, child, exited);
  // The file is read at the start: once the kernel answers, or is gone, nobody needs it.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  void Promise.race([client.ask('kernel_info_request'), exited]).then(remove, remove);
  return client;
}

async function connect(
  connection: Connection,
  child: ChildProcess,
  exited: KernelClient['exited'],
): Promise<KernelClient> {
  let log = '';
  child.stdout?.on('data', (chunk) => (log += chunk));
  child.stderr?.on('data', (chunk) => (log += chunk));

  const routingId = randomUUID();
  const shell = new Dealer({ routingId, linger: 0 });
  const control = new Dealer({ routingId, linger: 0 });
  const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  shell.connect(addressOf(connection, 'shell'));
  control.connect(addressOf(connection, 'control'));
  iopub.connect(addressOf(connection, 'iopub'));
  iopub.subscribe();

  const replies = new Map<string, (reply: Content) => void>();
  const cells = new Map<string, { outputs: Output[]; idle: () => void }>();
  const all: Output[] = [];
  const watchers = new Set<(output: Output) => void>();
  const onMessage = (got: Message) => {
    const type = got.header.msg_type;
    const parent = got.parent.msg_id ?? '';
    if (type.endsWith('_reply')) return replies.get(parent)?.(got.content);
    if (type === 'status') {
      if (got.content.execution_state === 'idle') cells.get(parent)?.idle();
      return;
    }
    const output = { type, content: got.content, cell: parent };
    cells.get(parent)?.outputs.push(output);
    all.push(output);
    for (const watcher of watchers) watcher(output);
  };
  const receive = async (socket: AsyncIterable<Buffer[]>) => {
    for await (const frames of socket) onMessage(decode(frames, connection.key));
  };
  for (const socket of [shell, control, iopub]) void receive(socket);

  const gone = exited.then(({ code, signal }) => {
    for (const socket of [shell, control, iopub]) socket.close();
    throw new Error(`The kernel ended (${code ?? signal}): ${log}`);
  });
  gone.catch(() => {});

  const sending = { shell: Promise.resolve(), control: Promise.resolve() };
  const send = (type: string, content: Content, channel: 'shell' | 'control') => {
    const sent = message(type, content);
    const socket = channel === 'shell' ? shell : control;
    sending[channel] = sending[channel].then(() => socket.send(encode(sent, connection.key)));
    const reply = new Promise<Content>((done) => replies.set(sent.header.msg_id, done));
    return { id: sent.header.msg_id, reply: Promise.race([reply, gone]) };
  };

  const client: KernelClient = {
    process: child,
    log: () => log,
    exited,
    ask: (type, content = {}, channel = 'shell') => send(type, content, channel).reply,
    async execute(code, { stop_on_error = true, silent = false } = {}) {
      const outputs: Output[] = [];
      const request = {
        code,
        silent,
        store_history: !silent,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error,
      };
      const { id, reply } = send('execute_request', request, 'shell');
      const idle = new Promise<void>((done) => cells.set(id, { outputs, idle: done }));
      const [content] = await Promise.all([reply, Promise.race([idle, gone])]);
      const text = (name: string) =>
        outputs
          .map(({ type, content }) => (type === 'stream' && content.name === name ? content.text : ''))
          .join('');
      const result = outputs.find(({ type }) => type === 'execute_result')?.content.data as
        | Record<string, string>
        | undefined;
      return {
        id,
        reply: content as Executed['reply'],
        outputs: outputs.filter(({ type }) => type !== 'execute_input'),
        stdout: text('stdout'),
        stderr: text('stderr'),
        result: result?.['text/plain'],
      };
    },
    async resultOf(code) {
      const { reply, result } = await client.execute(code);
      return reply.status === 'ok' ? result : `${reply.ename}: ${reply.evalue}`;
    },
    output: (wanted) =>
      Promise.race([
        gone,
        new Promise<Output>((done) => {
          const watcher = (output: Output) => {
            if (!wanted(output)) return;
            watchers.delete(watcher);
            done(output);
          };
          watchers.add(watcher);
          for (const output of [...all]) watcher(output);
        }),
      ]),
    async ping(text) {
      const heartbeat = new Request({ linger: 0 });
      heartbeat.connect(addressOf(connection, 'hb'));
      await heartbeat.send(text);
      const [answer] = await heartbeat.receive();
      heartbeat.close();
      return String(answer);
    },
    interrupt: () => child.kill('SIGINT'),
    async forge() {
      await shell.send(encode(message('execute_request', { code: 'forged = 1' }), 'another key'));
    },
    async shutdown() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      void client.ask('shutdown_request', { restart: false }, 'control').catch(() => {});
      // As Jupyter does with a kernel that does not let go.
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(kill);
    },
  };
  // The subscription has to stand before the first cell's output.
  for (;;) {
    const probe = message('kernel_info_request', {});
    let heard = false;
    cells.set(probe.header.msg_id, { outputs: [], idle: () => (heard = true) });
    const answered = new Promise<Content>((done) => replies.set(probe.header.msg_id, done));
    await shell.send(encode(probe, connection.key));
    await Promise.race([answered, gone]);
    for (let turns = 0; turns < 20 && !heard; turns++) await new Promise((done) => setTimeout(done, 5));
    if (heard) return client;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((done) => server.listen(0, '127.0.0.1', () => done(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
