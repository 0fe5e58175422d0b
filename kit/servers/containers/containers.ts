import { both, closeBoth } from '../both.ts';
import { messageOf, ServersUnavailable } from '../errors.ts';
import { type RedisUsers, randomPassword, redisConfig } from '../redis-config.ts';
import type { OnStep, StartedServers, StartRedisOptions } from '../servers.ts';
import { readMysqlVersion, readRedisVersion } from '../versions.ts';
import { type Engine, findEngine, hasImage, pullImage } from './engine.ts';
import { type StartedContainer, startContainer } from './start-container.ts';

/** The images, which `LAB_MYSQL_IMAGE` and `LAB_REDIS_IMAGE` override. */
export function serverImages(): { mysql: string; redis: string } {
  const { LAB_MYSQL_IMAGE, LAB_REDIS_IMAGE } = process.env;
  return { mysql: LAB_MYSQL_IMAGE || 'mysql:9.7', redis: LAB_REDIS_IMAGE || 'redis:8' };
}

/** @throws ServersUnavailable NO_DOCKER */
export async function requireEngine(): Promise<Engine> {
  const engine = await findEngine();
  if (engine) return engine;
  throw new ServersUnavailable(
    'NO_DOCKER',
    'No Docker engine answers: start Docker, or set LAB_SERVERS=local.',
  );
}

/**
 * Starts both servers in containers, at once; where an image is not on this machine it is fetched first.
 *
 * @throws ServersUnavailable NO_DOCKER, CONTAINER_FAILED
 */
export async function startContainers({
  onStep = () => {},
}: {
  onStep?: OnStep;
} = {}): Promise<StartedServers> {
  const engine = await requireEngine();
  const images = serverImages();
  await Promise.all([images.mysql, images.redis].map((image) => ensureImage(engine, image, onStep)));
  const owner = { username: 'storelab', password: randomPassword() };
  const servers = await both(
    startMysqlContainer(engine),
    startRedisContainer(engine, { student: owner, admin: owner }, { maxmemory: '2gb' }),
  );
  const [mysql, redis] = servers;
  return {
    mysql: mysql.address,
    redis: { host: redis.host, port: redis.port, ...owner },
    close: () => closeBoth(servers),
  };
}

async function ensureImage(engine: Engine, image: string, onStep: OnStep): Promise<void> {
  if (await hasImage(engine, image)) return;
  onStep(`Fetching the image ${image}, once.`);
  try {
    await pullImage(engine, image);
  } catch (error) {
    throw new ServersUnavailable(
      'CONTAINER_FAILED',
      `The image ${image} is not on this machine and cannot be fetched (${messageOf(error)}): run \`docker pull ${image}\`, or set LAB_SERVERS=local.`,
      { cause: error },
    );
  }
}

/** A MySQL in a container, with the user `root`. */
export async function startMysqlContainer(engine: Engine) {
  const user = 'root';
  const password = randomPassword();
  const container = await startContainer(engine, {
    image: serverImages().mysql,
    port: 3306,
    environment: { MYSQL_ROOT_PASSWORD: password, MYSQL_ROOT_HOST: '%', MYSQL_INITDB_SKIP_TZINFO: '1' },
    memoryFolders: ['/var/lib/mysql'],
    // Nothing survives the run, so nothing is kept safe: see local/mysql.ts.
    command: [
      '--skip-name-resolve',
      '--max-connections=300',
      '--character-set-server=utf8mb4',
      '--default-time-zone=+00:00',
      '--local-infile=ON',
      '--disable-log-bin',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-doublewrite=0',
      '--performance-schema=OFF',
    ],
    ping: (place) => readMysqlVersion({ ...place, user, password }, { timeoutMs: 2000 }),
  });
  return { ...container, address: { host: container.host, port: container.port, user, password } };
}

const configFile = '/tmp/storelab-redis.conf';

/** A Redis in a container, with these users. */
export function startRedisContainer(
  engine: Engine,
  users: RedisUsers,
  options: StartRedisOptions,
): Promise<StartedContainer> {
  return startContainer(engine, {
    image: serverImages().redis,
    port: 6379,
    command: ['redis-server', configFile],
    files: [
      { target: configFile, content: `bind * -::*\nprotected-mode no\n${redisConfig(users, options)}` },
    ],
    ping: (place) => readRedisVersion({ ...place, ...users.admin }, { timeoutMs: 2000 }),
  });
}
