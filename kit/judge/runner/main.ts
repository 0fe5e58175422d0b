/**
 * The runner: the process that holds a student's module. It speaks JSON lines on file descriptor 3, or a socket in its
 * place, owns its own clients, and asserts nothing. `bundle.ts` makes a start-up snapshot of it and its clients: what stands at the top of a
 * module runs when that is made, and `begin()` when a runner starts.
 */
import type { Socket } from 'node:net';
import { startupSnapshot } from 'node:v8';
import { Redis } from 'ioredis';
import { createPool, type Pool } from 'mysql2/promise';
import { refusedCommand } from '../../base/redis-refusal.ts';
import { mysqlClientOptions, redisClientOptions } from '../../servers/clients.ts';
import { connected, rememberClients } from './connected.ts';
import { dropRights } from './drop-rights.ts';
import { fenceIn } from './fence.ts';
import { moduleLoader } from './load-module.ts';
import { refuseElsewhere } from './own-clients.ts';
import { providePackages } from './packages.ts';
import { type FromRunner, lineReader, MAX_FRAME, type PlainError, type ToRunner } from './protocol.ts';
import { reasonsOf } from './reasons.ts';
import { unanswered } from './unanswered.ts';
import { decode, encode } from './value.ts';
import { watchdogSource } from './watchdog.ts';

let channel: Socket;
/** Where the watchdog finds the judge; default on file descriptor 4. */
let watchdogDoor: string | undefined;
/** Nothing shuts this process in but Node's permission model. */
let alone = false;
const answers = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let nextCallback = 0;
let now = 0;
let opened: Extract<ToRunner, { type: 'open' }> | undefined;
let clients: { redis: Redis; mysql: Pool } | undefined;
let student: Record<string, unknown> = {};

function say(message: FromRunner): void {
  const line = JSON.stringify(message);
  if (line.length <= MAX_FRAME) {
    channel.write(`${line}\n`);
    return;
  }
  const error = {
    name: 'TooLarge',
    message: `What your code gave back has ${line.length} characters as JSON; at most ${MAX_FRAME} are allowed.`,
  };
  if ('id' in message && message.type === 'returned') say({ type: 'threw', id: message.id, error });
  else if (message.type === 'callback')
    answers.get(message.id)?.reject(Object.assign(new Error(error.message), error));
}

function plainError(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) {
    return { name: 'NotAnError', message: `threw ${String(thrown).slice(0, 400)}, which is not an Error` };
  }
  const { code } = thrown as { code?: unknown };
  const refused = refusedCommand(thrown);
  const reasons = reasonsOf(thrown);
  return {
    name: String(thrown.name).slice(0, 200),
    message: String(thrown.message).slice(0, 4000),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(typeof thrown.stack === 'string' ? { stack: thrown.stack.slice(0, 4000) } : {}),
    ...(refused ? { refused } : {}),
    ...(reasons.length > 0 ? { reasons } : {}),
  };
}

/** Clients are made at the first call after a reset, so that a lab that needs one server opens one connection. */
function context() {
  if (!opened) throw new Error('the runner was not opened');
  if (!clients) {
    const { servers } = opened;
    const redis = new Redis({
      ...redisClientOptions(servers.redis),
      lazyConnect: true,
      showFriendlyErrorStack: true,
    });
    redis.on('error', () => {}); // a command's own promise carries the failure to whoever awaits it
    const mysql = createPool(mysqlClientOptions(servers.mysql, { behindTap: servers.mysqlBehindTap }));
    clients = { redis, mysql };
  }
  return { ...clients, now: () => now };
}

async function dropClients(): Promise<void> {
  const old = clients;
  clients = undefined;
  old?.redis.disconnect();
  await old?.mysql.end().catch(() => {});
}

async function call({ id, name, args }: Extract<ToRunner, { type: 'call' }>): Promise<void> {
  const callback =
    (ref: number) =>
    (...given: unknown[]) =>
      new Promise<unknown>((resolve, reject) => {
        const cb = ++nextCallback;
        answers.set(cb, { resolve, reject });
        say({ type: 'callback', id: cb, call: id, ref, args: given.map((arg) => encode(arg)) });
      });
  const none = { send: () => Number.NaN, receive: callback };
  try {
    const fn = Object.hasOwn(student, name) ? student[name] : undefined;
    if (typeof fn !== 'function') throw new Error(`no function ${name}`);
    const value = await fn(context(), ...args.map((arg) => decode(arg, none)));
    // mysql2 hands a command to its connection a tick later. Not a turn of the event loop later: a reply could have
    // arrived by then, and nobody would know.
    for (let tick = 0; tick < 4; tick++) await new Promise<void>((resolve) => process.nextTick(resolve));
    const left = clients ? unanswered(clients).slice(0, 10) : [];
    say({ type: 'returned', id, value: encode(value), unanswered: left });
  } catch (error) {
    say({ type: 'threw', id, error: plainError(error) });
  }
}

type Opening = Extract<ToRunner, { type: 'open' }>;

/** What the runner does of its own before it loads the student's file: where that fails, the process ends, and says why. */
function prepared({ servers: { redis, mysql }, watched }: Opening): ReturnType<typeof moduleLoader> {
  try {
    if (watched) startWatchdog();
    dropRights(); // the watchdog is the last thread
    const load = moduleLoader();
    if (alone) fenceIn([redis.path, mysql.socketPath].filter((path) => path !== undefined));
    return load;
  } catch (error) {
    process.getBuiltinModule('node:fs').writeSync(2, `${(error as Error)?.stack ?? error}\n`);
    process.exit(1);
  }
}

async function open(message: Opening): Promise<void> {
  opened = message;
  now = message.now;
  const load = prepared(message);
  say({ type: 'prepared' });
  try {
    student = { ...(await load(message.file)) };
    say({
      type: 'opened',
      exports: Object.fromEntries(Object.entries(student).map(([k, v]) => [k, typeof v])),
    });
  } catch (error) {
    say({ type: 'refused', error: plainError(error) });
  }
}

async function receive(message: ToRunner): Promise<void> {
  if (message.type === 'open') await open(message);
  else if (message.type === 'call') await call(message);
  else if (message.type === 'clock') now = message.now;
  else if (message.type === 'ping')
    say({ type: 'pong', id: message.id, waiting: process.getActiveResourcesInfo() });
  else if (message.type === 'reconnect') {
    await connected();
    say({ type: 'done', id: message.id });
  } else if (message.type === 'reset') {
    now = message.now;
    if (opened) opened.servers.mysql.database = message.database;
    await dropClients();
    say({ type: 'done', id: message.id });
  } else {
    const waiting = answers.get(message.id);
    answers.delete(message.id);
    if (message.error) waiting?.reject(Object.assign(new Error(message.error.message), message.error));
    else waiting?.resolve(decode(message.value));
  }
}

function startWatchdog(): void {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  // V8 would reserve 512 MB for this thread's machine code, which counts against the process's limit.
  const resourceLimits = { codeRangeSizeMb: 8, maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };
  new Worker(watchdogSource, {
    eval: true,
    env: {},
    execArgv: [],
    workerData: watchdogDoor,
    resourceLimits,
  }).unref();
}

function begin(): void {
  const { connect, Socket } = process.getBuiltinModule('node:net');
  const door = process.env.LAB_CHANNEL;
  watchdogDoor = process.env.LAB_WATCHDOG;
  alone = process.env.LAB_ALONE === '1';
  delete process.env.LAB_ALONE;
  delete process.env.LAB_CHANNEL;
  delete process.env.LAB_WATCHDOG;
  const die = () => process.exit(0);
  // No descriptor reaches into a container: there, a socket of the judge's does.
  channel = door ? connect(door) : new Socket({ fd: 3, readable: true, writable: true });
  channel.on(
    'data',
    lineReader((message) => void receive(message as ToRunner), die),
  );
  channel.on('close', die);
  channel.on('error', die);
  process.on('unhandledRejection', (error) => say({ type: 'stray', error: plainError(error) }));
  process.on('uncaughtException', (error) => say({ type: 'stray', error: plainError(error) }));
  say({ type: 'started' });
}

providePackages();
rememberClients();
refuseElsewhere(() => opened?.servers.redis);
if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(begin);
else begin();
