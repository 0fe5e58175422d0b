import { createServer } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { SetupFailed } from '../../kit/setup/failure.ts';
import { choosePort, portIsFree, startOnFreePort } from '../../kit/setup/port.ts';
import { printSteps } from '../../kit/setup/print-steps.ts';
import { runStep } from '../../kit/setup/run-step.ts';

function output(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, write: (text: string) => written.push(text), text: () => written.join('') };
}

const plain = (text: string) => stripVTControlCharacters(text);

test('printSteps() prints one line for a step without a terminal', async () => {
  const out = output(false);
  await runStep(printSteps(out), 'Redis', {
    why: 'looking',
    work: async () => ({ value: 1, said: '7.0.15' }),
  });
  expect(plain(out.text())).toBe('✓ Redis: 7.0.15\n');
});

test('printSteps() marks a step that failed, and the error goes on to the caller', async () => {
  const out = output(false);
  const failed = runStep(printSteps(out), 'Redis', {
    why: 'looking',
    work: () => Promise.reject(new Error('no')),
  });
  await expect(failed).rejects.toThrow('no');
  expect(plain(out.text())).toBe('✗ Redis: did not work\n');
});

test('printSteps() redraws one line on a terminal, never wider than it', async () => {
  const out = output(true);
  await runStep(printSteps(out), 'JupyterLab', {
    why: 'from PyPI',
    work: async (tell) => {
      tell('x'.repeat(200));
      return { value: 1, said: '4.6.6, in .venv' };
    },
  });
  const lines = plain(out.text()).split('\r');
  for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThan(60);
  expect(lines.at(-1)).toBe('✓ JupyterLab: 4.6.6, in .venv\n');
});

const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { port: (server.address() as { port: number }).port, server };
};

test('choosePort() names a free port in the next command when the one asked for is taken', async () => {
  const { port, server } = await listening();
  const error = await choosePort(port).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code: 'port-taken' });
  const next = Number(/npm start -- --port (\d+)$/.exec((error as Error).message)?.[1]);
  expect(next).toBeGreaterThan(port);
  expect(await portIsFree(next)).toBe(true);
  server.close();
});

test('startOnFreePort() takes the next port where the one chosen was taken in between, unless it was asked for', async () => {
  const tried: number[] = [];
  const start = async (port: number) => {
    tried.push(port);
    if (tried.length === 1) throw new SetupFailed('port-taken', `Port ${port} was taken.`);
    return port;
  };
  const first = 18_888;
  const used = await startOnFreePort(undefined, { first, start });
  expect(used).toBeGreaterThan(first);
  expect(tried).toEqual([first, used]);
  tried.length = 0;
  await expect(startOnFreePort(first, { first, start })).rejects.toThrow('was taken');
});

test('choosePort() refuses what is no port', async () => {
  for (const wrong of [Number.NaN, 0, 70_000, 1.5]) {
    await expect(choosePort(wrong)).rejects.toThrow(/A port is a number.*npm start -- --port 8890$/);
  }
});
