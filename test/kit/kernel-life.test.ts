import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KernelClient, startKernel } from './support/kernel-client.ts';

let kernel: KernelClient;
beforeEach(async () => {
  kernel = await startKernel();
});
afterEach(() => kernel.shutdown());

/** Runs `code`, interrupts it once it printed `in`, and gives the name of the error that ended it. */
async function interrupted(code: string): Promise<unknown> {
  const cell = kernel.execute(code);
  const { cell: id } = await kernel.output(({ content }) => content.code === code);
  await kernel.output((output) => output.cell === id && output.content.text === 'in');
  kernel.interrupt();
  return (await cell).reply.ename;
}

const LOOP = '{ process.stdout.write("in"); while (true) {} }';

describe('an interrupt', () => {
  test('ends a loop that never lets go', async () => {
    expect(await interrupted(LOOP)).toBe('Interrupted');
    expect((await kernel.execute('1 + 1')).result).toBe('2');
  });

  test('ends such a loop after an await, in a promise, in a timer and in a tick', async () => {
    for (const code of [
      `await null; ${LOOP}`,
      'process.stdout.write("in"); while (true) await null',
      `await new Promise(() => setTimeout(() => ${LOOP}, 1))`,
      `await new Promise(() => process.nextTick(() => ${LOOP}))`,
    ]) {
      expect(await interrupted(code)).toBe('Interrupted');
      expect((await kernel.execute('await Promise.resolve(2)')).result).toBe('2');
    }
  });

  test('ends a wait', async () => {
    expect(await interrupted('process.stdout.write("in"); await new Promise(() => {})')).toBe('Interrupted');
  });

  test('that comes while the cell is compiled keeps it from running on', async () => {
    for (let round = 0; round < 3; round++) {
      const code = `const round = ${round}; while (true) {}`;
      const cell = kernel.execute(code);
      await kernel.output(({ content }) => content.code === code);
      kernel.interrupt();
      expect((await cell).reply.ename).toBe('Interrupted');
    }
  });

  test('ends a loop that began after its cell ended', async () => {
    const { id } = await kernel.execute(`setTimeout(() => ${LOOP}, 100); 1`);
    await kernel.output((output) => output.cell === id && output.content.text === 'in');
    kernel.interrupt();
    expect((await kernel.execute('1 + 1')).result).toBe('2');
  });

  test('of an idle kernel changes nothing', async () => {
    kernel.interrupt();
    kernel.interrupt();
    expect((await kernel.execute('1 + 1')).result).toBe('2');
  });

  test('that comes twice is harmless', async () => {
    const cell = kernel.execute('while (true) {}');
    await kernel.output(({ content }) => content.code === 'while (true) {}');
    kernel.interrupt();
    kernel.interrupt();
    expect((await cell).reply.ename).toBe('Interrupted');
    expect((await kernel.execute('1 + 1')).result).toBe('2');
  });

  test('that comes as a message is answered', async () => {
    const cell = kernel.execute('await new Promise(() => {})');
    await kernel.output(({ type }) => type === 'execute_input');
    expect(await kernel.ask('interrupt_request', {}, 'control')).toMatchObject({ status: 'ok' });
    expect((await cell).reply.ename).toBe('Interrupted');
  });
});

describe('the kernel', () => {
  test('ends on shutdown_request, with clients open and timers running', async () => {
    const server = createServer((socket) => socket.on('data', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await kernel.execute(
      [
        "import { connect } from 'node:net'; import { Redis } from 'ioredis'; import { createPool } from 'mysql2/promise';",
        `const socket = connect(${port}, '127.0.0.1');`,
        `const redis = new Redis({ port: ${port}, lazyConnect: true }); void redis.connect().catch(() => {});`,
        `const mysql = createPool({ host: '127.0.0.1', port: ${port} }); void mysql.query('SELECT 1').catch(() => {});`,
        'setInterval(() => {}, 1000);',
      ].join('\n'),
    );
    const reply = await kernel.ask('shutdown_request', { restart: true }, 'control');
    expect(reply).toMatchObject({ status: 'ok', restart: true });
    expect(await kernel.exited).toMatchObject({ code: 0 });
    server.close();
  });

  test('ends with the process that started it, idle or in a loop', async () => {
    for (const code of ['1', 'while (true) {}']) {
      const script = `
        const { startKernel } = await import(${JSON.stringify(new URL('./support/kernel-client.ts', import.meta.url).href)});
        const kernel = await startKernel();
        kernel.execute(${JSON.stringify(code)}).catch(() => {});
        await kernel.output(({ type }) => type === 'execute_input');
        console.log(kernel.process.pid);
        setInterval(() => {}, 1000);`;
      const jupyter = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const pid = Number(String((await once(jupyter.stdout!, 'data'))[0]));
      expect(alive(pid)).toBe(true);
      jupyter.kill('SIGKILL');
      await expect.poll(() => alive(pid)).toBe(false);
    }
  });

  test('does not end by process.exit() in a cell, and says why', async () => {
    const { reply } = await kernel.execute('process.exit(1)');
    expect(reply).toMatchObject({ status: 'error', evalue: expect.stringContaining('would end the kernel') });
    expect((await kernel.execute('1 + 1')).result).toBe('2');
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
