import type { RunnerServers } from '../../../kit/judge/runner/protocol.ts';

const mysql = { socketPath: '/nowhere.sock', user: 'nobody', password: '' };

/** For a runner whose functions use no server: nothing listens there. */
export const noServers: RunnerServers = { redis: { path: '/nowhere.sock' }, mysql, mysqlBehindTap: mysql };
