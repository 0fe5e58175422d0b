import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { shellWord, startKept } from '../../kit/servers/local/keeper.ts';
import { findRedis, redisName, redisScript } from '../../kit/servers/local/redis-program.ts';
import { mysqlAddress, redisAddress } from '../../kit/servers/url-addresses.ts';
import { withRedis } from '../../kit/servers/versions.ts';
import { settingsOf } from './support/settings.ts';

const root = new URL('../..', import.meta.url).pathname;
const text = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  image: string;
  ports: string[];
  volumes: string[];
  healthcheck: { test: string[] };
}
const compose: { services: Record<string, Service>; volumes: Record<string, null> } = parse(
  text('docker-compose.yml'),
);

/** .env.example as a shell would read it. */
function exampleEnvironment(): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [, name, value] of text('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)) {
    values[name!] = value!.replace(/\$\{(\w+)\}/g, (_, other) => values[other]!);
  }
  return values;
}

it('docker-compose.yml publishes on loopback alone, with health checks, and mounts what is there', () => {
  for (const service of Object.values(compose.services)) {
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(service.healthcheck.test[0]).toBe('CMD-SHELL');
    for (const volume of service.volumes) {
      const source = volume.split(':')[0]!;
      if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  }
});

it('docker-compose.yml is what docker-compose 1.29 reads, too', () => {
  // It refuses a "name" at the top level: the project is named in .env.
  expect(
    Object.keys(compose)
      .filter((key) => !key.startsWith('x-'))
      .sort(),
  ).toEqual(['services', 'volumes']);
  expect(exampleEnvironment().COMPOSE_PROJECT_NAME).toBe('storelab');
});

it('.env.example defines every variable that docker-compose.yml needs, and URLs that lead to its ports', () => {
  const values = exampleEnvironment();
  for (const [, name] of text('docker-compose.yml').matchAll(/\$\{(\w+):\?/g))
    expect(values).toHaveProperty([name!]);
  expect(mysqlAddress(values.MYSQL_URL!)).toMatchObject({
    port: 3306,
    password: values.MYSQL_ROOT_PASSWORD,
    database: 'storelab',
  });
  expect(redisAddress(values.REDIS_URL!)).toMatchObject({
    port: 6379,
    password: values.REDIS_PASSWORD,
    db: 0,
  });
});

it('redis.conf is one that a Redis starts with, and does not evict', async () => {
  const program = findRedis()!;
  const socket = ['--port', '0', '--unixsocket', 'redis.sock'];
  const server = await startKept((folder) => ({
    name: redisName(program),
    socket: 'redis.sock',
    timeoutMs: 10_000,
    files: {
      'redis.conf': text('redis/redis.conf'),
      'start.sh': `cd ${shellWord(folder)}\n${redisScript(program, folder, ['redis.conf', '--requirepass', 'secret', ...socket])}`,
    },
  }));
  const settings = await withRedis({ path: server.socket, password: 'secret' }, (redis) =>
    settingsOf(redis, 'maxmemory', 'maxmemory-policy', 'appendonly', 'notify-keyspace-events'),
  );
  await server.close();
  expect(settings).toEqual({
    maxmemory: String(512 * 2 ** 20),
    'maxmemory-policy': 'noeviction',
    appendonly: 'yes',
    'notify-keyspace-events': 'xE',
  });
});
