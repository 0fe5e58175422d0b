import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { bareMachine, type Machine } from './support/machine.ts';

// A clone with nothing installed; its kit/cli.ts says what reached it.
let machine: Machine;
let clone: string;

const node = process.execPath;
/** An npm that does what the real one would for the launcher: a folder with the pinned Node in it. */
const goodNpm = (cli = node) =>
  `echo run >>"$HOME/npm-runs"; sleep 0.3; mkdir -p node_modules/.bin; ln -sf '${cli}' node_modules/.bin/node`;

beforeEach(() => {
  machine = bareMachine();
  clone = join(machine.folder, 'a clone');
  mkdirSync(join(clone, 'kit'), { recursive: true });
  copyFileSync(join(rootFolder(), 'lab'), join(clone, 'lab'));
  writeFileSync(join(clone, 'package.json'), '{\n  "dependencies": {\n    "node": "24.21.0"\n  }\n}\n');
  writeFileSync(
    join(clone, 'package-lock.json'),
    '{ "packages": { "": {}, "node_modules/a": { "version": "1.0.0" } } }',
  );
  const says =
    '{ args: process.argv.slice(2), cwd: process.cwd(), root: process.env.STORELAB_ROOT, node: process.argv0 }';
  writeFileSync(join(clone, 'kit', 'cli.ts'), `console.log(JSON.stringify(${says}));\n`);
});

afterEach(() => machine.remove());

const lab = (...args: string[]) => machine.run(join(clone, 'lab'), args);
const runsOfNpm = () => readFileSync(join(machine.folder, 'npm-runs'), 'utf8').trim().split('\n').length;

test('lab installs the packages once, and hands over its arguments, folder and working folder', async () => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program('npm', goodNpm());
  const first = await lab('check', '01', 'a b');
  expect(first.exitCode, first.stderr).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    args: ['check', '01', 'a b'],
    cwd: machine.folder,
    root: clone,
  });
  expect((await lab()).stderr).toBe('');
  expect(runsOfNpm()).toBe(1);
});

test('lab finds its folder through symlinks', async () => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program('npm', goodNpm());
  symlinkSync('a clone/lab', join(machine.folder, 'one'));
  symlinkSync(join(machine.folder, 'one'), join(machine.bin, 'storelab'));
  expect(JSON.parse((await machine.run('storelab')).stdout).root).toBe(clone);
});

test('lab installs again when package-lock.json has changed, and not when npm itself did it', async () => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program('npm', goodNpm());
  await lab();
  const lockFile = join(clone, 'package-lock.json');
  writeFileSync(lockFile, readFileSync(lockFile, 'utf8').replace('1.0.0', '1.0.1'));
  await lab();
  expect(runsOfNpm()).toBe(2);
  const changed = readFileSync(lockFile, 'utf8').replace('1.0.1', '1.0.2');
  writeFileSync(lockFile, changed);
  writeFileSync(join(clone, 'node_modules', '.package-lock.json'), changed);
  await lab();
  expect(runsOfNpm()).toBe(2);
});

test("lab gives the project's TypeScript its program back where npm took it away", async () => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program(
    'npm',
    `${goodNpm()}; mkdir -p node_modules/typescript/bin; touch node_modules/typescript/bin/tsc`,
  );
  await lab();
  expect(realpathSync(join(clone, 'node_modules/.bin/tsc'))).toBe(
    join(clone, 'node_modules/typescript/bin/tsc'),
  );
});

test('lab installs once when several start at the same time', async () => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program('npm', goodNpm());
  const all = await Promise.all([lab(), lab(), lab()]);
  expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(runsOfNpm()).toBe(1);
  expect(existsSync(join(clone, '.lab', 'install.lock'))).toBe(false);
});

test('lab takes over the lock of a launch that was killed', async () => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program('npm', goodNpm());
  const dead = await machine.run('sh', ['-c', 'echo $$']);
  mkdirSync(join(clone, '.lab', 'install.lock'), { recursive: true });
  writeFileSync(join(clone, '.lab', 'install.lock', 'pid'), dead.stdout);
  expect((await lab()).exitCode).toBe(0);
});

test.each([
  ['npm error code ENOSPC', /The disk is full.*run this again/],
  ['npm error code ENOTFOUND getaddrinfo', /registry cannot be reached.*npm ping.*run this again/],
  ['npm error code EACCES', /may not write here.*sudo chown/],
  ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /npm config set cafile/],
  ['npm error 407 Proxy Authentication Required', /npm config set proxy/],
  ['npm error something else', /npm ci/],
])('lab says what to do when npm fails with "%s"', async (line, sentence) => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program('npm', `echo '${line}' >&2; exit 1`);
  const { exitCode, stderr } = await lab();
  expect(exitCode).toBe(1);
  expect(stderr).toContain(line);
  expect(stderr.trim().split('\n').at(-1)).toMatch(sentence);
  expect(existsSync(join(clone, '.lab', 'install.lock'))).toBe(false);
});

test('lab says what to install without Node, with an old Node, and without npm', async () => {
  expect((await lab()).stderr).toMatch(/Node\.js is missing.*apt install nodejs npm/);
  machine.program('node', 'echo v18.19.0');
  expect((await lab()).stderr).toMatch(/Node 18\.19\.0 is too old.*Node 20 or newer/);
  machine.program('node', `exec '${node}' "$@"`);
  expect((await lab()).stderr).toMatch(/npm is missing.*apt install npm/);
});

test("lab runs on the machine's own Node 22.22 or newer where the pinned one does not run", async () => {
  machine.program('node', `case $1 in --version) echo v22.22.0 ;; *) exec '${node}' "$@" ;; esac`);
  machine.program('npm', 'mkdir -p node_modules/.bin');
  const { stdout, stderr } = await lab();
  expect(stderr).toMatch(/the pinned one does not run here; this machine's own 22\.22\.0 serves/);
  expect(JSON.parse(stdout).args).toEqual([]);
});

test('lab fetches the package of the pinned Node where npm runs no install scripts', async () => {
  machine.program('node', `case $1 in --version) echo v20.19.2 ;; *) exec '${node}' "$@" ;; esac`);
  machine.program(
    'npm',
    `echo "$*" >>"$HOME/npm-runs"
     for last; do :; done
     case $last in
       *@24.21.0) d=node_modules/\${last%@*}/bin; mkdir -p $d; ln -s '${node}' $d/node ;;
       *) mkdir -p node_modules/.bin ;;
     esac`,
  );
  const { stdout, stderr } = await lab('x');
  expect(stderr).toMatch(/fetching the package node\S*@24\.21\.0/);
  expect(JSON.parse(stdout).args).toEqual(['x']);
  expect((await lab('x')).stderr).toBe('');
});

test('lab says what to do where no Node can be had', async () => {
  machine.program('node', `case $1 in --version) echo v20.19.2 ;; *) exec '${node}' "$@" ;; esac`);
  machine.program('npm', 'case $* in *@24*) exit 1 ;; *) mkdir -p node_modules ;; esac');
  expect((await lab()).stderr).toMatch(/older than 22\.22\. Install Node 22\.22 or newer/);
});

test.each(['100% done', 'lab #1', 'what?', 'a\\b', 'Lab%201'])(
  'lab refuses a folder named %j with the cure, and installs nothing',
  async (name) => {
    const strange = join(machine.folder, name);
    renameSync(clone, strange);
    const { exitCode, stderr } = await machine.run(join(strange, 'lab'), []);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('Rename that folder, then run this again.'),
    ]);
    expect(stderr).toContain(`${strange}: a folder on this path has one of % # ? \\ in its name`);
    expect(existsSync(join(strange, '.lab'))).toBe(false);
  },
);

test('the scripts of package.json do without the right to run lab, and lab gives itself that right', async () => {
  machine.program('node', `exec '${node}' "$@"`);
  machine.program('npm', goodNpm());
  const { scripts } = JSON.parse(readFileSync(join(rootFolder(), 'package.json'), 'utf8'));
  const ours = Object.values<string>(scripts).filter((script) => /\blab\b/.test(script));
  expect(ours.length).toBeGreaterThan(1);
  expect(ours.filter((script) => !script.startsWith('sh lab '))).toEqual([]);
  chmodSync(join(clone, 'lab'), 0o644);
  const { exitCode, stderr } = await machine.run('/bin/sh', [join(clone, 'lab'), 'start']);
  expect(exitCode, stderr).toBe(0);
  expect(statSync(join(clone, 'lab')).mode & 0o100).toBe(0o100);
});

test('a clone has LF at the end of its lines, also where git is told to make them CRLF', async () => {
  const own = join(machine.folder, 'own');
  mkdirSync(own);
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], {
      cwd,
      stdio: 'pipe',
    });
  for (const name of ['.gitattributes', 'lab', 'package.json', 'kit/servers/keeper.sh']) {
    mkdirSync(join(own, dirname(name)), { recursive: true });
    copyFileSync(join(rootFolder(), name), join(own, name));
  }
  git(own, 'init', '-q');
  git(own, 'add', '.');
  git(own, 'commit', '-qm', 'x');
  git(machine.folder, 'clone', '-q', '-c', 'core.autocrlf=true', own, 'windows');
  for (const name of ['lab', 'package.json', 'kit/servers/keeper.sh'])
    expect(readFileSync(join(machine.folder, 'windows', name), 'utf8')).not.toContain('\r');
});
