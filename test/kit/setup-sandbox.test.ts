import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureSandbox, planSandbox } from '../../kit/setup/ensure-sandbox.ts';
import type { StepEvent } from '../../kit/setup/run-step.ts';
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

const ended = (events: StepEvent[]) => events.filter(({ state }) => state === 'done').map(({ text }) => text);

test('ensureSandbox() says the command, and does not fail, where bubblewrap may not be installed', async () => {
  process.getuid = () => 1000;
  machine.program('sudo', 'exit 1');
  const events: StepEvent[] = [];
  const plan = await planSandbox();
  expect(plan).toBeUndefined();
  const agree = () => Promise.reject(new Error('nobody is asked'));
  await ensureSandbox(plan, { agree, onStep: (event) => events.push(event), agreed: false });
  const linux = process.platform === 'linux';
  expect(ended(events)).toEqual(linux ? [expect.stringContaining('sudo apt install bubblewrap')] : []);
});

test('ensureSandbox() does not fail where the install does', async () => {
  const plan = {
    names: ['bubblewrap'],
    sudo: false,
    what: 'bubblewrap',
    commands: ['apt-get install bubblewrap'],
  };
  machine.program('env', 'echo "E: Unable to locate package bubblewrap" >&2; exit 100');
  const events: StepEvent[] = [];
  const options = {
    agree: async () => {},
    onStep: (event: StepEvent) => void events.push(event),
    agreed: true,
  };
  await ensureSandbox(plan, options);
  const linux = process.platform === 'linux';
  expect(ended(events)).toEqual(linux ? [expect.stringContaining('sudo apt install bubblewrap')] : []);
});
