import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { SetupFailed } from '../../kit/setup/failure.ts';
import { findPython } from '../../kit/setup/python.ts';
import { environmentIsCurrent, makeEnvironment } from '../../kit/setup/python-env.ts';
import { bareMachine, type Machine } from './support/machine.ts';

// Set-up looks at this process's PATH: each test gives it that of a machine with stand-in Pythons.
let machine: Machine;
let root: string;
const path = process.env.PATH;

beforeEach(() => {
  machine = bareMachine();
  root = join(machine.folder, 'clone');
  mkdirSync(root);
  copyFileSync(join(rootFolder(), 'requirements.txt'), join(root, 'requirements.txt'));
  process.env.PATH = machine.bin;
});

afterEach(async () => {
  process.env.PATH = path;
  await machine.remove();
});

const failure = async (work: Promise<unknown>): Promise<SetupFailed> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SetupFailed);
  return error as SetupFailed;
};

/** A Python whose `-m venv FOLDER` works and whose pip ends as told. */
const pythonWithPip = (pip: string) => `
case "$*" in
  *'-m venv'*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python" ;;
  *'pip --version'*) exit 0 ;;
  *'pip install'*) ${pip} ;;
  *) printf '3.12.4\\nvenv\\n' ;;
esac`;
const python = { command: 'python3', version: '3.12.4', venv: true };
const make = () => makeEnvironment(root, { python, tell: () => {} });

test('findPython() says what to install where there is no Python', async () => {
  const { code, message } = await failure(findPython());
  expect(code).toBe('no-python');
  expect(message).toMatch(/^Python is missing.*(apt|brew) install python.*run this again\.$/);
});

test('findPython() says that a Python is too old', async () => {
  machine.program('python3', "printf '3.9.2\\nvenv\\n'");
  expect((await failure(findPython())).message).toMatch(/^Python 3\.9\.2 is too old: .*3\.10 or newer/);
});

test('findPython() passes over a Python that does not run, and prefers one with venv', async () => {
  machine.program('python3', 'echo "pyenv: python3: command not found" >&2; exit 127');
  machine.program('python3.12', "printf '3.12.4\\nbare\\n'");
  machine.program('python3.11', "printf '3.11.9\\nvenv\\n'");
  expect(await findPython()).toEqual({ command: 'python3.11', version: '3.11.9', venv: true });
});

test('makeEnvironment() is done once, and again when the requirements change', async () => {
  machine.program('python3', pythonWithPip('echo Collecting jupyterlab'));
  expect(await environmentIsCurrent(root, {})).toBe(false);
  await make();
  expect(await environmentIsCurrent(root, {})).toBe(true);
  copyFileSync(join(rootFolder(), 'requirements.in'), join(root, 'requirements.txt'));
  expect(await environmentIsCurrent(root, {})).toBe(false);
});

test('makeEnvironment() goes by uv or virtualenv where Python lacks venv', async () => {
  machine.program('python3', pythonWithPip('exit 0'));
  const bare = { ...python, venv: false };
  const viaTool = `for last; do :; done; mkdir -p "$last/bin"; cp '${join(machine.bin, 'python3')}' "$last/bin/python"`;
  machine.program('virtualenv', viaTool);
  await makeEnvironment(root, { python: bare, tell: () => {} });
  expect(await environmentIsCurrent(root, {})).toBe(true);
});

test.each([
  ['ERROR: [Errno 28] No space left on device', 'no-disk', /The disk is full.*df -h/],
  [
    'NewConnectionError: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution',
    'no-network',
    /PyPI cannot be reached.*pip download.*HTTPS_PROXY/,
  ],
  ["ERROR: [Errno 13] Permission denied: '/x'", 'no-rights', /may not write.*sudo chown/],
  ['ERROR: something else', 'failed', /rm -rf ".*\.venv"/],
] as const)('makeEnvironment() says what to do when pip says "%s"', async (line, code, sentence) => {
  machine.program('python3', pythonWithPip(`echo "${line}" >&2; exit 1`));
  const failed = await failure(make());
  expect(failed.code).toBe(code);
  expect(failed.message).toContain(line);
  expect(failed.message.split('\n').at(-1)).toMatch(sentence);
  expect(failed.message).toMatch(/run this again\.$/);
  expect(await environmentIsCurrent(root, {})).toBe(false);
});

test('makeEnvironment() stops when it is told to', async () => {
  machine.program('python3', pythonWithPip('exec sleep 600'));
  const controller = new AbortController();
  const made = makeEnvironment(root, {
    python,
    tell: (text) => text === 'asking PyPI' && controller.abort(),
    signal: controller.signal,
  });
  expect((await failure(made)).code).toBe('stopped');
});
