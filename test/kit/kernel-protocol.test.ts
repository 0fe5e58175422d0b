import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KernelClient, startKernel } from './support/kernel-client.ts';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.shutdown());

describe('the kernel', () => {
  test('execute_request answers with the value of the last expression', async () => {
    const { reply, result } = await kernel.execute('const price = 19.99;\n[price, price * 2]');
    expect(reply).toMatchObject({ status: 'ok', user_expressions: {} });
    expect(result).toBe('[ 19.99, 39.98 ]');
  });

  test('execute_request shows null, which Redis answers for a missing key, and not undefined', async () => {
    expect((await kernel.execute('null')).result).toBe('null');
    expect((await kernel.execute('undefined')).result).toBeUndefined();
  });

  test('execute_request counts cells, and silent ones not', async () => {
    const first = await kernel.execute('1');
    const silent = await kernel.execute('2', { silent: true });
    const second = await kernel.execute('3');
    expect(silent.outputs).toEqual([]);
    expect(second.reply.execution_count).toBe(Number(first.reply.execution_count) + 1);
  });

  test('execute_request runs from the repository root, wherever Jupyter was started', async () => {
    expect((await kernel.execute('process.cwd()')).result).toBe(`'${process.cwd()}'`);
    expect((await kernel.execute('process.env.STORELAB_ROOT')).result).toBe(`'${process.cwd()}'`);
  });

  test('execute_request aborts what was sent before the error, and says so', async () => {
    const cells = [
      'globalThis.ran = 1',
      'throw new Error("stop")',
      'globalThis.ran = 2',
      'globalThis.ran = 3',
    ];
    const replies = await Promise.all(
      cells.map((code) => kernel.execute(code.replace('globalThis.', '(globalThis as any).'))),
    );
    expect(replies.map(({ reply }) => reply.status)).toEqual(['ok', 'error', 'aborted', 'aborted']);
    expect((await kernel.execute('(globalThis as any).ran')).result).toBe('1');
  });

  test('execute_request runs what is sent after the error reply, at once', async () => {
    for (let round = 0; round < 5; round++) {
      await kernel.execute('throw new Error("stop")');
      expect((await kernel.execute(`${round} + 100`)).result).toBe(String(round + 100));
    }
  });

  test('execute_request aborts nothing where stop_on_error is false', async () => {
    const options = { stop_on_error: false };
    const replies = await Promise.all([
      kernel.execute('throw new Error("go on")', options),
      kernel.execute('1 + 1', options),
    ]);
    expect(replies.map(({ reply }) => reply.status)).toEqual(['error', 'ok']);
  });

  test('kernel_info_request names TypeScript', async () => {
    const info = await kernel.ask('kernel_info_request');
    expect(info).toMatchObject({
      status: 'ok',
      language_info: { name: 'typescript', file_extension: '.ts' },
    });
  });

  test('complete_request offers the members of a name of an earlier cell', async () => {
    await kernel.execute('const order = { id: 1, total_amount: "19.99" }');
    const reply = await kernel.ask('complete_request', { code: 'order.to', cursor_pos: 8 });
    expect(reply).toMatchObject({ status: 'ok', matches: ['total_amount'], cursor_start: 6, cursor_end: 8 });
  });

  test('complete_request counts letters as Jupyter does, an emoji as one', async () => {
    await kernel.execute('const emojis = { mug: 1 }');
    const reply = await kernel.ask('complete_request', { code: '"🎉🎉"; emojis.m', cursor_pos: 14 });
    expect(reply).toMatchObject({ matches: ['mug'], cursor_start: 13, cursor_end: 14 });
  });

  test('inspect_request shows the type of a name', async () => {
    await kernel.execute('const stock = new Map<string, number>()');
    const reply = await kernel.ask('inspect_request', { code: 'stock', cursor_pos: 2, detail_level: 0 });
    expect(reply.data).toEqual({ 'text/plain': expect.stringContaining('Map<string, number>') });
  });

  test('is_complete_request tells a finished cell from one that goes on', async () => {
    expect(await kernel.ask('is_complete_request', { code: 'f(1)' })).toMatchObject({ status: 'complete' });
    expect(await kernel.ask('is_complete_request', { code: 'function f() {' })).toMatchObject({
      status: 'incomplete',
    });
  });

  test('history_request and comm_info_request are answered', async () => {
    expect(await kernel.ask('history_request')).toMatchObject({ history: [] });
    expect(await kernel.ask('comm_info_request')).toMatchObject({ comms: {} });
  });

  test('the heartbeat is sent back', async () => {
    expect(await kernel.ping('still there?')).toBe('still there?');
  });

  test('a request with a wrong signature is dropped, and the kernel lives on', async () => {
    await kernel.forge();
    expect((await kernel.execute('typeof (globalThis as any).forged')).result).toBe("'undefined'");
  });
});
