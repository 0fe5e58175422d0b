// needs: lab 01
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Executed, type KernelClient, startKernel } from './support/kernel-client.ts';
import { type KernelFolder, kernelFolder } from './support/kernel-folder.ts';

let folder: KernelFolder;
let kernel: KernelClient;
beforeAll(async () => {
  folder = await kernelFolder({
    'labs/shop.ts': [
      'interface Order {',
      '  id: number;',
      '}',
      '',
      '// a line that leaves nothing in JavaScript',
      'export function refuse(order: Order): never {',
      '  throw new RangeError(`No order ${order.id}`);',
      '}',
      'export const refuseLater = async (order: Order): Promise<void> => {',
      '  await null;',
      '  refuse(order);',
      '};',
    ].join('\n'),
    'labs/mistyped.ts': 'export const id: number = 1;\n\nexport const name: string = 2;\n',
    'labs/broken.ts': 'export const open = (;\n',
  });
  kernel = await startKernel({ root: folder.root });
});
afterAll(async () => {
  await kernel.shutdown();
  await folder.remove();
});

const trace = ({ reply }: Executed) => (reply.traceback as string[]).join('\n');

describe('an error', () => {
  test('is an output of type error, with the content of the reply', async () => {
    const { reply, outputs } = await kernel.execute('throw new RangeError("no stock")');
    expect(outputs).toMatchObject([
      { type: 'error', content: { ename: 'RangeError', evalue: 'no stock', traceback: reply.traceback } },
    ]);
    expect(reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'no stock' });
  });

  test("names the cell's own line", async () => {
    const executed = await kernel.execute('interface A {\n  a: string;\n}\n\nthrow new Error("five")');
    expect(trace(executed)).toMatch(/at Cell \[\d+\], line 5/);
    expect(trace(executed)).toContain('---->   5 throw new Error("five")');
  });

  test("names the cell's own line after an await, and in a function of an earlier cell", async () => {
    await kernel.execute(
      'type B = string;\nfunction fail(): void {\n  throw new TypeError("third line");\n}',
    );
    const executed = await kernel.execute('await null;\n\nfail()');
    expect(trace(executed)).toMatch(/at fail \(Cell \[\d+\], line 3\)\n.*at Cell \[\d+\], line 3/);
  });

  test('thrown in an imported file names its TypeScript line', async () => {
    const executed = await kernel.execute(
      "import { refuseLater } from './labs/shop.ts';\nawait refuseLater({ id: 7 });",
    );
    expect(executed.reply).toMatchObject({ ename: 'RangeError', evalue: 'No order 7' });
    expect(trace(executed)).toMatch(/at refuse \(labs\/shop\.ts:7:\d+\)/);
    expect(trace(executed)).toMatch(/refuseLater \(labs\/shop\.ts:11:\d+\)/);
    expect(trace(executed)).toMatch(/Cell \[\d+\], line 2/);
  });

  test('shows its cause and its own fields', async () => {
    const code =
      'throw Object.assign(new Error("cannot sync", { cause: new Error("no MySQL") }), { code: "ENOSYNC" })';
    const executed = await kernel.execute(code);
    expect(trace(executed)).toMatch(/cause\]?: Error: no MySQL/);
    expect(trace(executed)).toContain("code: 'ENOSYNC'");
  });

  test("holds no line of the kernel's own", async () => {
    const executed = await kernel.execute('await null; JSON.parse("{")');
    expect(trace(executed)).not.toMatch(/src\/kernel|node:internal|node:vm|tslab/);
  });

  test('may be anything that was thrown', async () => {
    expect((await kernel.execute('throw "a word"')).reply).toMatchObject({
      status: 'error',
      evalue: 'a word',
    });
    expect((await kernel.execute('throw undefined')).reply).toMatchObject({
      status: 'error',
      evalue: 'undefined',
    });
    expect((await kernel.execute('throw { code: 5 }')).reply).toMatchObject({ evalue: '{ code: 5 }' });
    const hostile = 'throw new (class extends Error { get message(): string { throw new Error("no") } })()';
    expect((await kernel.execute(hostile)).reply).toMatchObject({ status: 'error' });
  });

  test('that nobody awaited is the error of its cell', async () => {
    const executed = await kernel.execute('void Promise.reject(new Error("floating"));\n"done"');
    expect(executed.reply).toMatchObject({ status: 'error', evalue: 'floating' });
    expect(executed.outputs.map(({ type }) => type)).toEqual(['execute_result', 'error']);
  });

  test('that comes after its cell ended is shown on stderr, and the kernel lives on', async () => {
    const { reply } = await kernel.execute('setTimeout(() => { throw new Error("too late") }, 50); 1');
    expect(reply.status).toBe('ok');
    const output = await kernel.output(({ content }) => /too late/.test(String(content.text)));
    expect(output).toMatchObject({ type: 'stream', content: { name: 'stderr' } });
    expect(String(output.content.text)).toMatch(/Cell \[\d+\], line 1/);
    expect((await kernel.execute('1 + 1')).result).toBe('2');
  });

  test('that comes late is not blamed on the cell that runs then', async () => {
    await kernel.execute(
      'let release = () => {};\nvoid new Promise<void>((go) => { release = go }).then(() => { throw new Error("of the first") });',
    );
    const second = await kernel.execute('release();\nawait new Promise((go) => setTimeout(go, 20));\n"fine"');
    expect(second).toMatchObject({ reply: { status: 'ok' }, result: "'fine'" });
  });

  test('console.error is none', async () => {
    const { reply, stderr } = await kernel.execute('console.error("only a warning")');
    expect(reply.status).toBe('ok');
    expect(stderr).toBe('only a warning\n');
  });

  test('leaves the names of earlier cells as they were', async () => {
    await kernel.execute('let kept = "before"');
    await kernel.execute('throw new Error("no")');
    expect((await kernel.execute('kept')).result).toBe("'before'");
  });
});

describe('a TypeScript error', () => {
  test('names the line and the likely mistake', async () => {
    const { reply, outputs } = await kernel.execute('const id = 1;\nidd + 1');
    expect(reply).toMatchObject({ status: 'error', ename: 'TypeScriptError' });
    expect(reply.evalue).toMatch(/^Cell \[\d+\], line 2: Cannot find name 'idd'/);
    expect(reply.evalue).toContain('check the spelling');
    expect(outputs.map(({ type }) => type)).toEqual(['error']);
  });

  test('in an imported file names that file and its line', async () => {
    const { reply } = await kernel.execute("import { name } from './labs/mistyped.ts'; name");
    expect(reply.evalue).toContain(
      "labs/mistyped.ts, line 3: Type 'number' is not assignable to type 'string'.",
    );
  });

  test('in an imported file is gone once it is mended, and comes when what it imports changes', async () => {
    const use = "import { twice } from './labs/twice.ts'; twice";
    await folder.write('labs/one.ts', 'export const one = 1;\n');
    await folder.write(
      'labs/twice.ts',
      "import { one } from './one.ts';\nexport const twice: number = one * 2;\n",
    );
    expect((await kernel.execute(use)).result).toBe('2');
    await folder.write('labs/one.ts', "export const one = 'one';\n");
    expect((await kernel.execute(use)).reply.evalue).toContain('labs/twice.ts, line 2: ');
    await folder.write('labs/one.ts', 'export const one = 3;\n');
    expect((await kernel.execute(use)).result).toBe('6');
  });

  test('of syntax in an imported file names that file and its line', async () => {
    const { reply } = await kernel.execute("await import('./labs/' + 'broken.ts')");
    expect(reply).toMatchObject({ ename: 'SyntaxError' });
    expect(reply.evalue).toMatch(/^labs\/broken\.ts, line 1: /);
  });

  test('in labs refuses no cell that does not import it', async () => {
    expect((await kernel.execute("import { findLab } from './src/catalog.ts'; findLab('1').id")).result).toBe(
      "'01-initial-sync'",
    );
  });

  test('tells the whole chain of a mismatch', async () => {
    const { reply } = await kernel.execute(
      'const o: { a: { b: string } } = { a: JSON.parse("{}") as { b: number } };',
    );
    expect(reply.evalue).toMatch(/Type 'number' is not assignable to type 'string'/);
  });

  test('of an import that was not found says from where cells import', async () => {
    const { reply } = await kernel.execute("import { open } from '../src/lab/nowhere.ts'");
    expect(reply.evalue).toContain("'./src/...'");
  });
});
