import { isAllowedBuiltin, withheld } from './allowed-builtins.ts';

/** Globals by which a program talks to others. */
const talking = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'BroadcastChannel', 'Worker'];
/** What a process can do to its surroundings, and no lab needs. */
const reaching = ['binding', '_linkedBinding', 'dlopen', 'execve', 'loadEnvFile', 'chdir'];
/** The same, of what is no function. */
const inReach = ['mainModule', 'report'];

/**
 * Fences this process in where nothing but Node's permission model does, which some of Node's own modules go past
 * (`node:sqlite` opens any file) and which leaves the network open: modules that no lab needs can no longer be had, and a
 * socket connects to those paths alone. Called once, before a student's file is loaded. It keeps a curious file in;
 * it is no wall against somebody who knows a fault of V8 or of Node.
 *
 * @param sockets paths of the sockets that stay open: those of the taps.
 */
export function fenceIn(sockets: readonly string[]): void {
  const load = process.getBuiltinModule;
  const { isBuiltin, registerHooks, syncBuiltinESMExports } = load('node:module');
  registerHooks({
    resolve(specifier, context, next) {
      if (isBuiltin(specifier) && !isAllowedBuiltin(specifier)) refuse(specifier);
      return next(specifier, context);
    },
  });
  for (const [name, keys] of Object.entries(withheld)) {
    const module = load(name) as Record<string, unknown>;
    for (const key of keys) replace(module, key, undefined);
  }
  syncBuiltinESMExports();
  fenceSockets(load('node:net').Socket.prototype as unknown as Connecting, new Set(sockets));
  for (const name of talking) replace(globalThis, name, refusing(name));
  for (const name of reaching) replace(process, name, refusing(`process.${name}`));
  for (const name of inReach) replace(process, name, undefined);
  replace(process, 'getBuiltinModule', (name: string) => {
    const known = String(name);
    if (isAllowedBuiltin(known)) return load(known);
    return isBuiltin(known) ? refuse(known) : undefined;
  });
}

function refuse(name: string): never {
  deny(`A lab has no use for ${name}: it may not open files, connections or processes.`);
}

/** With the code that Node's permission model gives: the judge tells both alike. */
function deny(sentence: string): never {
  throw Object.assign(new Error(sentence), { code: 'ERR_ACCESS_DENIED' });
}

const refusing = (name: string) =>
  function refused(): never {
    refuse(name);
  };

interface Connecting {
  connect(this: object, ...args: unknown[]): unknown;
}

/** `connect` of every socket of this process, TLS's too, which asks the same one. */
function fenceSockets(prototype: Connecting, sockets: ReadonlySet<string>): void {
  const { connect } = prototype;
  replace(prototype, 'connect', function fenced(this: object, ...args: unknown[]) {
    // `net.connect` hands on an array of what it was given: the options, then whom to call.
    const [first, listener] = Array.isArray(args[0]) ? args[0] : [args[0], args.at(-1)];
    // Read once: an object could give another path when it is asked again.
    const path = typeof first === 'string' ? first : (first as { path?: unknown } | undefined)?.path;
    if (typeof path !== 'string' || !sockets.has(path))
      deny('A lab connects to its two servers alone: use the `redis` and `mysql` that it is given.');
    return Reflect.apply(connect, this, [{ path }, ...(typeof listener === 'function' ? [listener] : [])]);
  });
}

function replace(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: false, configurable: false, enumerable: false });
}
