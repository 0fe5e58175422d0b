import { execFileSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCheckSchema } from '../../kit/servers/check-schema.ts';
import { mysqlClientOptions, redisClientOptions } from '../../kit/servers/clients.ts';
import { openServers } from '../../kit/servers/open-servers.ts';
import type { Servers } from '../../kit/servers/servers.ts';
import { endOwners, startOwner, until } from './support/owner.ts';

// Run where LAB_TEST_CONTAINERS is set: it needs a Docker engine and the images mysql:9.7 and redis:8.

const docker = (...words: string[]) => execFileSync('docker', words, { encoding: 'utf8' }).trim();
/** The id of the container that publishes this port. */
const containerAt = (port?: number) => docker('ps', '-q', '--filter', `publish=${port}`);

describe('openServers() containers', () => {
  let servers: Servers;
  let took: number;

  beforeAll(async () => {
    const begun = performance.now();
    servers = await openServers({ source: 'containers' });
    took = performance.now() - begun;
  });
  afterAll(() => servers.close());
  afterEach(endOwners);

  it('is ready in 10 s and tells the versions', () => {
    expect(servers.mysqlVersion.flavour).toBe('MySQL');
    expect(servers.redisVersion.flavour).toBe('Redis');
    expect(took).toBeLessThan(10_000);
  });

  it('publishes its ports on loopback alone', () => {
    expect(docker('port', containerAt(servers.redis.port))).toBe(
      `6379/tcp -> 127.0.0.1:${servers.redis.port}`,
    );
  });

  it('keeps data in memory, off the binary log', async () => {
    const mysql = await createConnection(mysqlClientOptions(servers.mysql));
    const [rows] = await mysql.query(
      'SELECT @@log_bin AS log, @@time_zone AS zone, @@local_infile AS load_data',
    );
    mysql.destroy();
    expect(rows).toEqual([{ log: 0, zone: '+00:00', load_data: 1 }]);
  });

  it('startRedis() starts one that keeps the student from administration', async () => {
    const own = await servers.startRedis();
    const student = new Redis(redisClientOptions(own.address));
    await expect(student.config('SET', 'maxmemory', '1')).rejects.toThrow(/NOPERM/);
    await expect(student.set('a', '1')).resolves.toBe('OK');
    await own.flush();
    expect(await student.exists('a')).toBe(0);
    student.disconnect();
    await own.close();
    expect(containerAt(own.address.port)).toBe('');
  });

  it("createCheckSchema()'s user logs in through a socket that MySQL does not see as one", async () => {
    const check = await createCheckSchema(servers.mysql, 'storelab_check_containers');
    // What a tap's client does: it believes in a socket, the server sees TCP.
    const options = mysqlClientOptions(check.address, {
      behindTap: { ...check.address, socketPath: '/tap.sock' },
    });
    const student = await createConnection(options);
    student.destroy();
    await check.drop();
  });

  it('createCheckSchema() ends its threads while others send what utf8mb3 cannot hold', async () => {
    // information_schema.PROCESSLIST makes utf8mb3 of every statement under way, and fails at this one.
    const check = await createCheckSchema(servers.mysql, 'storelab_check_emoji');
    const other = await createConnection(mysqlClientOptions(servers.mysql));
    const sent = other.query("SELECT SLEEP(3), '🚀'").catch(() => 'ended');
    const student = await createConnection(mysqlClientOptions(check.address));
    student.on('error', () => {});
    await check.renewUser();
    await expect(student.query('SELECT 1')).rejects.toThrow();
    await check.drop();
    other.destroy();
    await sent;
  });

  it('leaves no container behind when the owner is killed', async () => {
    const owner = await startOwner([], { LAB_SERVERS: 'containers' });
    const ports = [owner.description.mysql.port, owner.description.redis.port, owner.private.port];
    expect(ports.map(containerAt).every((id) => id !== '')).toBe(true);
    owner.process.kill('SIGKILL');
    await until(() => ports.map(containerAt).every((id) => id === ''));
  });

  it('close() leaves no container behind', async () => {
    const own = await openServers({ source: 'containers' });
    await own.close();
    expect([own.mysql.port, own.redis.port].map(containerAt)).toEqual(['', '']);
  });
});
