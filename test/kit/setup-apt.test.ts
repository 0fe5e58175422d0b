import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planApt, runApt } from '../../kit/setup/apt.ts';
import { bareMachine, type Machine } from './support/machine.ts';

let machine: Machine;
const path = process.env.PATH;
const { getuid } = process;

beforeEach(() => {
  machine = bareMachine();
  process.env.PATH = machine.bin;
});

afterEach(async () => {
  process.env.PATH = path;
  process.getuid = getuid;
  await machine.remove();
});

const asUser = () => {
  process.getuid = () => 1000;
};
const plan = () => planApt(['python3-venv'], 'makes the environment for JupyterLab');
const install = { sudo: false, names: ['python3-venv'], what: '', commands: [] };

test('planApt() names the command for an administrator where there are no rights', async () => {
  asUser();
  machine.program('sudo', 'echo "sudo: a password is required" >&2; exit 1');
  await expect(plan()).rejects.toMatchObject({
    code: 'no-rights',
    message: expect.stringMatching(
      /may not install packages.*: {2}sudo apt install python3-venv {2}then run this again\.$/,
    ),
  });
});

test('planApt() uses sudo where it needs no password, and nothing for root', async () => {
  asUser();
  machine.program('sudo', 'exit 0');
  expect((await plan()).commands[0]).toMatch(/^sudo apt-get install .*python3-venv$/);
  process.getuid = () => 0;
  expect((await plan()).commands[0]).toMatch(/^apt-get install .*python3-venv$/);
});

test.each([
  ['E: Unable to locate package python3-venv', 'no-package', /knows no such package/],
  ["E: You don't have enough free space. No space left on device", 'no-disk', /disk is full/],
  ["Err:1 Temporary failure resolving 'deb'. E: Failed to fetch", 'no-network', /mirror cannot be reached/],
] as const)('runApt() says what to do when apt says "%s"', async (line, code, sentence) => {
  machine.program('apt-get', `echo "${line}" >&2; exit 100`);
  const failed = runApt(install, { tell: () => {} });
  await expect(failed).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/sudo apt install python3-venv {2}then run this again\.$/),
  });
  await expect(failed).rejects.toThrow(sentence);
});

test('runApt() fetches the package lists anew when the mirror no longer has a package', async () => {
  const lists = join(machine.folder, 'lists');
  machine.program(
    'apt-get',
    `case $1 in update) touch '${lists}' ;; *) [ -f '${lists}' ] || { echo '404  Not Found' >&2; exit 100; } ;; esac`,
  );
  await runApt(install, { tell: () => {} });
});
