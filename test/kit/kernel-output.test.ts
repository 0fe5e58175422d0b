import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KernelClient, startKernel } from './support/kernel-client.ts';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.shutdown());

describe('output', () => {
  test('of console.log, console.error and process.stdout comes in order', async () => {
    const { outputs } = await kernel.execute(
      'console.log("a"); console.error("b"); process.stdout.write("c"); "d"',
    );
    expect(
      outputs.map(({ type, content }) => (type === 'stream' ? `${content.name} ${content.text}` : type)),
    ).toEqual(['stdout a\n', 'stderr b\n', 'stdout c', 'execute_result']);
  });

  test('is complete where a loop prints many lines, in few messages', async () => {
    const { stdout, outputs } = await kernel.execute(
      'for (let i = 0; i < 20_000; i++) console.log(`line ${i}`)',
    );
    expect(stdout.split('\n').length).toBe(20_001);
    expect(outputs.length).toBeLessThan(500);
  });

  test('that is far too much ends with a sentence that says so', async () => {
    const { stdout, stderr } = await kernel.execute(
      'const chunk = "x".repeat(1_000_000); for (let i = 0; i < 12; i++) process.stdout.write(chunk)',
    );
    expect(stdout.length).toBe(8_000_000);
    expect(stderr).toContain('4000000 are not shown');
  });

  test('of bytes may be cut within a letter', async () => {
    const code =
      'const bytes = Buffer.from("é"); process.stdout.write(bytes.subarray(0, 1)); process.stdout.write(bytes.subarray(1))';
    expect((await kernel.execute(code)).stdout).toBe('é');
  });

  test('calls back, so that a cell may await it', async () => {
    const code = 'await new Promise<void>((done) => process.stdout.write("sent", () => done())); "after"';
    expect(await kernel.execute(code)).toMatchObject({ stdout: 'sent', result: "'after'" });
  });

  test('comes while the cell runs', async () => {
    const cell = kernel.execute(
      'console.log("early"); await new Promise<void>((go) => { (globalThis as any).go = go })',
    );
    await kernel.output(({ content }) => content.text === 'early\n');
    kernel.interrupt();
    expect((await cell).reply.ename).toBe('Interrupted');
  });

  test('that comes after its cell ended still belongs to it', async () => {
    const first = await kernel.execute('setTimeout(() => console.log("late words"), 30); 1');
    const second = await kernel.execute('await new Promise((go) => setTimeout(go, 60)); 2');
    expect((await kernel.output(({ content }) => content.text === 'late words\n')).cell).toBe(first.id);
    expect(second.stdout).toBe('');
  });
});

describe('display', () => {
  test('sends html, svg, markdown, png and any other type', async () => {
    const { outputs } = await kernel.execute(
      [
        "import { display } from 'tslab';",
        "display.html('<b>1</b>'); display.svg('<svg/>'); display.markdown('*m*');",
        'display.png(new Uint8Array([137, 80]));',
        "display.raw('application/vnd.vegalite.v5+json', { mark: 'bar' } as any);",
      ].join('\n'),
    );
    expect(outputs.map(({ type, content }) => [type, content.data])).toEqual([
      ['display_data', { 'text/html': '<b>1</b>' }],
      ['display_data', { 'image/svg+xml': '<svg/>' }],
      ['display_data', { 'text/markdown': '*m*' }],
      ['display_data', { 'image/png': 'iVA=' }],
      ['display_data', { 'application/vnd.vegalite.v5+json': { mark: 'bar' } }],
    ]);
  });

  test('keeps its place among printed lines', async () => {
    const { outputs } = await kernel.execute(
      "import { display } from 'tslab'; console.log('before'); display.html('<hr>'); console.log('after')",
    );
    expect(outputs.map(({ type }) => type)).toEqual(['stream', 'display_data', 'stream']);
  });

  test('newDisplay() updates in place', async () => {
    const { outputs } = await kernel.execute(
      "import { newDisplay } from 'tslab'; const bar = newDisplay(); bar.html('50 %'); bar.html('100 %')",
    );
    expect(outputs.map(({ type }) => type)).toEqual(['display_data', 'update_display_data']);
    expect(outputs[1]!.content.transient).toEqual(outputs[0]!.content.transient);
  });
});
