import { openServers } from '../../../kit/servers/open-servers.ts';
import { publishServers } from '../../../kit/servers/published.ts';

// A process that owns servers: it says where they are, then waits to be ended.
const servers = await openServers();
const redis = await servers.startRedis();
if (process.argv.includes('publish')) await publishServers(servers);
console.log(JSON.stringify({ description: servers.describe(), private: redis.admin }));
// The test holds the other end: when it is gone, so is this.
if (process.argv.includes('leave')) process.stdin.destroy();
else process.stdin.resume().on('end', () => process.exit());
