import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';
import { functionsIn } from '../judge/stub-functions.ts';
import type { Submission } from '../judge/submission.ts';

/** Of every field that a check may look at, nothing: neither a value nor a text can be made of such an object. */
const HOLLOW =
  '{ id: null, items: null, tags: null, version: null, length: null, reason: {}, toString: null, valueOf: null }';

/** Values that no lab asks for where it asks for another, as an expression each. */
const values: Record<string, string> = {
  null: 'null',
  zero: '0',
  NaN: 'Number.NaN',
  bigint: '1n',
  true: 'true',
  'empty-text': "''",
  text: "'nonsense'",
  'invalid-date': 'new Date(Number.NaN)',
  bytes: 'new Uint8Array([1, 2, 3])',
  'empty-list': '[]',
  numbers: '[3, 1, 2]',
  nulls: '[null, null, null]',
  lists: '[[null], [], [[undefined]]]',
  'empty-object': '{}',
  map: 'new Map([[null, null]])',
  hollow: HOLLOW,
  hollows: `[${HOLLOW}, ${HOLLOW}]`,
};

/** Work that leaves nonsense in the servers, as statements. */
const works: Record<string, string> = {
  'other-types': `await Promise.all((await redis.keys('*')).map(async (key: string) => {
    const was = await redis.type(key);
    await redis.del(key);
    await (was === 'list' ? redis.set(key, 'nonsense') : redis.rpush(key, 'nonsense'));
  }));`,
  'nothing-left': `await redis.flushdb();
  const [tables] = await mysql.query('SHOW TABLES');
  await mysql.query('SET FOREIGN_KEY_CHECKS = 0');
  for (const table of tables.flatMap(Object.values)) await mysql.query(\`DELETE FROM \${table}\`);`,
};

/** What kinds there are. */
export const kindsOfNonsense: readonly string[] = [...Object.keys(values), ...Object.keys(works)];

/**
 * A submission whose functions are all there and give back nonsense, call back with it too, or leave it in Redis and
 * MySQL. It is wrong, and no check may stumble over it: that would be the course's mistake.
 *
 * @example await nonsense('02-read-orders', { kind: 'empty-list', stub: await committedStub('02-read-orders') })
 */
export async function nonsense(
  lab: string,
  { kind, stub }: { kind: string; stub: Submission },
): Promise<Submission> {
  const path = join(rootFolder(), '.lab', 'nonsense', kind);
  const code = [
    `const nonsense: any = ${values[kind] ?? 'undefined'};`,
    'const called = (given: any) => typeof given === "function" ? [given] : Object.values(Object(given)).filter((one) => typeof one === "function");',
    `async function work({ redis, mysql }: any, args: any[]): Promise<any> {
  for (const call of args.flatMap(called)) await call(nonsense, nonsense).catch(() => {});
  ${works[kind] ?? ''}
  return nonsense;
}`,
    ...functionsIn(await readFile(join(stub.path, `${lab}.ts`), 'utf8')).map(
      (name) => `export const ${name} = (ctx: any, ...args: any[]) => work(ctx, args);`,
    ),
  ];
  await mkdir(path, { recursive: true });
  await writeWhole(join(path, `${lab}.ts`), `${code.join('\n')}\n`);
  return { name: `nonsense-${kind}`, path };
}
