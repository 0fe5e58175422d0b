// needs: lab 01
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelClient, startKernel } from './support/kernel-client.ts';

let kernel: KernelClient;

beforeAll(async () => {
  kernel = await startKernel();
});

afterAll(async () => {
  await kernel?.shutdown();
});

/** Runs a cell that must succeed. */
async function cell(code: string) {
  const run = await kernel.execute(code);
  expect(run.reply, JSON.stringify(run.reply)).toMatchObject({ status: 'ok' });
  return run;
}

describe('in a notebook', () => {
  it('open() connects, once, and prints no client', async () => {
    const first = await cell(
      `import { open } from './src/lab/open.ts';\nconst { redis, mysql } = await open();`,
    );
    const shown = first.outputs.filter(({ type }) => type.endsWith('display_data')).at(-1)!;
    expect((shown.content.data as Record<string, string>)['text/plain']).toContain('Connected to ');
    expect((await cell('await open()')).result).toMatch(/^(MySQL|MariaDB) /);
    expect((await cell('await redis.ping()')).result).toBe("'PONG'");
  });

  it('table() shows rows of MySQL in both forms', async () => {
    const { outputs } = await cell(`import { table } from './src/lab/table.ts';
      const [rows] = await mysql.query('SELECT id, name FROM users ORDER BY id LIMIT 6');
      table(rows as object[]);`);
    const data = outputs[0]!.content.data as Record<string, string>;
    expect(data['text/plain']).toContain('湯川秀樹');
    expect(data['text/html']).toContain('<td');
  });

  it('progressBar() updates one display', async () => {
    const { outputs } = await cell(`import { progressBar } from './src/lab/progress.ts';
      const bar = progressBar(3, 'Orders'); bar.to(1); bar.end();`);
    expect(outputs.map(({ type }) => type)).toEqual(['display_data', 'update_display_data']);
  });

  it('wire() shows the sequence of a pipeline', async () => {
    const { outputs, result } = await cell(`import { wire } from './src/lab/wire.ts';
      await wire(({ redis }) => redis.pipeline().ping().ping().exec());`);
    const data = outputs[0]!.content.data as Record<string, string>;
    expect(data['text/plain']).toContain('1 trip, 2 commands');
    expect(data['text/html']).toContain('<svg');
    expect(result).toMatch(/^1 trip, 2 commands, \d+ bytes/);
  });

  it('check() grades the file and shows every check', async () => {
    const { outputs, result } = await cell(`import { check } from './src/lab/check.ts';\nawait check('01')`);
    const data = outputs.findLast(({ type }) => type === 'update_display_data')!.content.data as Record<
      string,
      string
    >;
    expect(data['text/plain']).toContain('waitForMysql()');
    expect(data['text/html']).toContain('role="img"');
    expect(data['text/plain']).toMatch(/^ *\d+ of \d+ points/m);
    expect(result).toBe(undefined);
  }, 120_000);
});
