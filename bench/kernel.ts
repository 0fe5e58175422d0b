/**
 * How long a student waits for the kernel: `node_modules/.bin/node bench/kernel.ts [rounds]`.
 *
 * Prints the median and the spread of: start to the first result, the first import of a file under src that uses both
 * clients, a trivial cell, the same import after an edit, and shutdown with clients open.
 */

import { startKernel } from '../test/kit/support/kernel-client.ts';
import { kernelFolder } from '../test/kit/support/kernel-folder.ts';

const rounds = Number(process.argv[2] ?? 7);
const CLIENTS = `import { Redis } from 'ioredis';
import { createPool, type Pool } from 'mysql2/promise';

export function open(): { redis: Redis; mysql: Pool } {
  return { redis: new Redis({ lazyConnect: true }), mysql: createPool({ host: '127.0.0.1', port: 1 }) };
}
`;
const IMPORT = "import { open } from './src/clients.ts'; const { redis, mysql } = open(); redis.status";

const figures: Record<string, number[]> = {};
const measured = async (name: string, work: () => Promise<unknown>) => {
  const start = performance.now();
  await work();
  const values = figures[name] ?? [];
  figures[name] = values;
  values.push(performance.now() - start);
};

const folder = await kernelFolder({ 'src/clients.ts': CLIENTS });
try {
  for (let round = 0; round < rounds + 1; round++) {
    // The first round fills the compile cache; it is not counted.
    if (round === 1) for (const name of Object.keys(figures)) figures[name] = [];
    let kernel!: Awaited<ReturnType<typeof startKernel>>;
    const run = async (code: string) => {
      const { reply } = await kernel.execute(code);
      if (reply.status !== 'ok') throw new Error(String(reply.evalue));
    };
    await measured('start to first result', async () => {
      kernel = await startKernel({ root: folder.root });
      await run('1 + 1');
    });
    await measured('first ./src import, both clients', () => run(IMPORT));
    for (let cell = 0; cell < 20; cell++)
      await measured('trivial cell', () => run(`const a${cell} = ${cell}`));
    await folder.write('src/clients.ts', `${CLIENTS}export const round = ${round};\n`);
    await measured('the import after an edit', () => run(IMPORT));
    await measured('shutdown with clients open', () => kernel.shutdown());
  }
} finally {
  await folder.remove();
}

for (const [name, values] of Object.entries(figures)) {
  values.sort((a, b) => a - b);
  const at = (share: number) =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))]!.toFixed(0);
  console.log(
    `${name.padEnd(34)} median ${at(0.5).padStart(5)} ms   ${at(0)} to ${at(1)} ms   (${values.length} runs)`,
  );
}
