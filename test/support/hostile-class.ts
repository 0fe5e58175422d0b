// needs: answers
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rootFolder } from '../../kit/base/root.ts';
import { extractAnswer } from '../../kit/judge/extract-answers.ts';
import { drawFor } from '../../kit/judge/seed.ts';
import { slowStatement } from '../kit/support/slow-statement.ts';

const xa = ["XA START 'x'", 'UPDATE orders SET total_amount = 2', "XA END 'x'", "XA PREPARE 'x'"];
const widened = [
  ['FLUSHALL'],
  ['SWAPDB', '0', '1'],
  ['MIGRATE', '127.0.0.1', '6379', 'key', '0', '10'],
  ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
  ['ACL', 'SETUSER', 'default', 'on', 'nopass', '~*', '+@all'],
  ['FUNCTION', 'LOAD', "#!lua name=left\nredis.register_function('left', function() return 1 end)"],
  ['SCRIPT', 'FLUSH'],
  ['CLIENT', 'KILL', 'TYPE', 'normal'],
];
const settings = [
  'SET GLOBAL max_connections = 1',
  "SET GLOBAL sql_mode = ''",
  "SELECT GET_LOCK('storelab', 0)",
  'LOCK TABLES orders WRITE',
  'FLUSH TABLES WITH READ LOCK',
  "CREATE USER 'left'@'%'",
];

/** What each call of a hostile hand-in does before it gives back nothing. `client` is a MySQL connection that is never given back. */
const attacks: Readonly<Record<string, string>> = {
  prepares: `for (const step of ${JSON.stringify(xa)}) await client.query(step).catch(() => {});
  client.destroy();`,
  computes: `await client.query(${JSON.stringify(slowStatement())});`,
  widens: `for (const [name, ...words] of ${JSON.stringify(widened)}) await redis.call(name, ...words).catch(() => {});
  for (const sql of ${JSON.stringify(settings)}) await client.query(sql).catch(() => {});`,
  'hoards in MySQL': `for (let i = 0; i < 1000; i++) await client.query("SET @v" + i + " = REPEAT('a', 8000000)");`,
  'hoards in Redis': `await redis.eval("local s = 'x' while #s < 8000000 do s = s .. s end local t = {} for i = 1, 1000 do t[i] = s .. i end return #redis.call('ECHO', s .. s .. s .. s)", 0);`,
};

/** The kinds of attack on servers: `prepares`, `computes`, and so on. */
export const kindsOfAttack = Object.keys(attacks);

/** A class in a folder of its own. */
export interface HostileClass {
  /** Holds the class alone: to be removed at the end. */
  folder: string;
  dir: string;
  labs: readonly string[];
  /** What each student handed in for each lab: a kind of attack, or `honest`, the worked answer. */
  handedIn: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Writes 30 hand-ins of each lab: each attack on the servers stands in `times` of them, at places that the seed draws, and
 * all others are the worked answer.
 *
 * @example (await hostileClass(['01-initial-sync'], { times: 2, seed: 1 })).handedIn['student 07'] // { '01-initial-sync': 'computes' }
 */
export async function hostileClass(
  labs: readonly string[],
  { times, seed }: { times: number; seed: number },
): Promise<HostileClass> {
  const folder = await mkdtemp(join(tmpdir(), 'storelab-hostile-'));
  const dir = join(folder, 'class');
  const students = Array.from({ length: 30 }, (_, i) => `student ${String(i + 1).padStart(2, '0')}`);
  const places = students.flatMap((student) => labs.map((lab) => ({ student, lab })));
  const kinds = kindsOfAttack.flatMap((kind) => Array<string>(times).fill(kind));
  if (kinds.length > places.length) throw new RangeError(`${kinds.length} attacks in ${places.length} files`);
  const draw = drawFor(seed, 'hostile class');
  const handedIn: Record<string, Record<string, string>> = {};
  for (const kind of [...kinds, ...Array<string>(places.length - kinds.length).fill('honest')]) {
    const [{ student, lab }] = places.splice(draw.int(0, places.length - 1), 1) as [(typeof places)[0]];
    handedIn[student] = { ...handedIn[student], [lab]: kind };
    const path = join(dir, student, 'labs', `${lab}.ts`);
    await mkdir(dirname(path), { recursive: true });
    if (kind === 'honest') await cp(await extractAnswer(lab), path);
    else await writeFile(path, await hostile(lab, kind));
  }
  return { folder, dir, labs, handedIn };
}

async function hostile(lab: string, kind: string): Promise<string> {
  const stub = await readFile(join(rootFolder(), 'labs', `${lab}.ts`), 'utf8');
  const names = [...stub.matchAll(/^async function (\w+)/gm)].map(([, name]) => name);
  return `const attack = async ({ redis, mysql }: any): Promise<any> => {
  const client = await mysql.getConnection();
  client.on('error', () => {});
  ${attacks[kind]}
};
${names.map((name) => `export const ${name} = attack;`).join('\n')}\n`;
}
