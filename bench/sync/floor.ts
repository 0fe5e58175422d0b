import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, createReadStream, createWriteStream } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { MysqlAddress, RedisAddress } from '../../kit/servers/address.ts';

/** The two clients that the floor is measured with. */
export interface FloorTools {
  mysql: string;
  redis: string;
}

/**
 * Finds them on PATH.
 *
 * @throws Error that names what is missing and the packages that have it.
 */
export function findTools(): FloorTools {
  const mysql = onPath('mariadb') ?? onPath('mysql');
  const redis = onPath('redis-cli') ?? onPath('valkey-cli');
  const missing = [
    ...(mysql ? [] : ['mariadb or mysql (Debian: mariadb-client-core; brew: mariadb)']),
    ...(redis ? [] : ['redis-cli or valkey-cli (Debian: redis-tools; brew: redis)']),
  ];
  if (!mysql || !redis)
    throw new Error(`The floor needs ${missing.join(' and ')} on PATH: install that, then run this again.`);
  return { mysql, redis };
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Every order with its items, a row an item, as the dump of the floor and the sync both have to read them. */
const join_ = `SELECT o.id, o.user_id, o.total_amount, i.product_id, i.quantity
FROM orders o LEFT JOIN order_items i ON i.order_id = o.id ORDER BY o.id, i.id`;

/** Dumps the join into a file, row by row (`--quick`: the client keeps none). */
export async function dump(tools: FloorTools, mysql: MysqlAddress, file: string): Promise<void> {
  const { socketPath, host, port, user, password, database } = mysql;
  const where = socketPath
    ? [`--socket=${socketPath}`]
    : [`--host=${host}`, `--port=${port}`, '--protocol=tcp'];
  await run(
    tools.mysql,
    [
      '--no-defaults',
      ...where,
      `--user=${user}`,
      '--quick',
      '--batch',
      '--skip-column-names',
      '-e',
      join_,
      database!,
    ],
    {
      env: { MYSQL_PWD: password },
      to: file,
    },
  );
}

/** Sends a file of RESP to Redis, and looks at its summary: `errors: 0, replies: 200001`. */
export async function pipe(tools: FloorTools, redis: RedisAddress, file: string): Promise<void> {
  const { path, host, port, username, password } = redis;
  const where = path ? ['-s', path] : ['-h', host!, '-p', String(port)];
  const said = await run(tools.redis, [...where, '--user', username!, '--no-auth-warning', '--pipe'], {
    env: { REDISCLI_AUTH: password! },
    from: file,
  });
  if (!said.includes('errors: 0')) throw new Error(`redis-cli --pipe: ${said.trim()}`);
}

async function run(
  program: string,
  args: string[],
  { env, from, to }: { env: NodeJS.ProcessEnv; from?: string; to?: string },
): Promise<string> {
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  if (to) child.stdout.pipe(createWriteStream(to));
  else
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
  if (from) createReadStream(from).pipe(child.stdin);
  else child.stdin.end();
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said.trim()}`);
  return said;
}
