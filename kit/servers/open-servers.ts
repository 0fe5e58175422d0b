import type { ServerSource } from './address.ts';
import { assembleServers } from './assemble-servers.ts';
import { startContainers } from './containers/containers.ts';
import { findEngine } from './containers/engine.ts';
import { messageOf, ServersUnavailable } from './errors.ts';
import { startLocal } from './local.ts';
import { patientVersions } from './patient-versions.ts';
import { privateMysqlOf } from './private-mysql.ts';
import { privateRedisOf } from './private-redis.ts';
import type { OnStep, OpenOptions, Servers, ServersDescription, StartedServers } from './servers.ts';
import { serversByUrl, unreachable, urlsGiven } from './urls.ts';
import { readMysqlVersion, readRedisVersion } from './versions.ts';

/**
 * Opens a MySQL and a Redis: the first source that works, of URLs (`MYSQL_URL` and `REDIS_URL` are set),
 * containers (a Docker engine answers) and processes of this machine. A source asked for by `source` or
 * `LAB_SERVERS` is taken or fails. The servers end with `close()`, or with this process however it ends.
 *
 * @throws ServersUnavailable; its `code` says why, its message what to do
 * @example const servers = await openServers({ onStep: console.log })
 */
export async function openServers(options: OpenOptions = {}): Promise<Servers> {
  const { source, onStep = () => {}, patient } = options;
  const asked = source ?? askedFor();
  if (asked) {
    const why = source ? `The caller asked for ${source}.` : `LAB_SERVERS=${asked} asks for it.`;
    return open(asked, { why, onStep, patient });
  }
  // One URL without the other is a mistake to report, not a reason to look further.
  if (urlsGiven() !== 'none')
    return open('urls', { why: 'MYSQL_URL and REDIS_URL are set.', onStep, patient });
  let noContainers = 'No Docker engine answers';
  if (await findEngine()) {
    try {
      return await open('containers', { why: 'A Docker engine answers.', onStep });
    } catch (error) {
      noContainers = `Docker answers, but it cannot give the servers (${firstLine(messageOf(error))})`;
      onStep(`${noContainers}; taking server processes of this machine.`);
    }
  }
  return open('local', { why: `${noContainers}; this machine has the server programs.`, onStep });
}

function askedFor(): ServerSource | undefined {
  const asked = process.env.LAB_SERVERS;
  if (!asked) return undefined;
  if (asked === 'urls' || asked === 'containers' || asked === 'local') return asked;
  throw new ServersUnavailable(
    'SOURCE_UNKNOWN',
    `LAB_SERVERS is "${asked}": set it to urls, containers or local, or unset it.`,
  );
}

async function open(
  source: ServerSource,
  { why, onStep, patient }: { why: string; onStep: OnStep; patient?: OpenOptions['patient'] },
): Promise<Servers> {
  onStep(starting[source]);
  const started = await start(source, onStep);
  try {
    const { mysql, redis } = started;
    const [mysqlVersion, redisVersion] =
      source === 'urls' && patient
        ? await patientVersions({ mysql, redis }, { ...patient, say: onStep })
        : await Promise.all([
            readMysqlVersion(mysql).catch((error) => Promise.reject(unreachable('MySQL', mysql, error))),
            readRedisVersion(redis).catch((error) => Promise.reject(unreachable('Redis', redis, error))),
          ]);
    const description: ServersDescription = { source, why, mysql, mysqlVersion, redis, redisVersion };
    return assembleServers(description, {
      startRedis: privateRedisOf(description),
      startMysql: privateMysqlOf(description),
      close: started.close,
    });
  } catch (error) {
    await started.close();
    throw error;
  }
}

const starting: Record<ServerSource, string> = {
  urls: 'Connecting to the servers of MYSQL_URL and REDIS_URL.',
  containers: 'Starting MySQL and Redis in containers.',
  local: 'Starting private MySQL and Redis processes.',
};

function start(source: ServerSource, onStep: OnStep): StartedServers | Promise<StartedServers> {
  if (source === 'urls') return serversByUrl();
  return source === 'containers' ? startContainers({ onStep }) : startLocal();
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
