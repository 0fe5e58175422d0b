import { childrenOf } from '../../../kit/base/proc-stat.ts';
import { Runner } from '../../../kit/judge/runner/runner.ts';
import { transpile } from '../../../kit/judge/runner/transpile.ts';

// A judge in a process of its own, to be killed: it calls `f` of the file that it is given, and tells what it started.
const source = process.argv[2]!;
const { file } = await transpile(source, []);
const mysql = { socketPath: '/nowhere.sock', user: 'nobody', password: '' };
const servers = { redis: { path: '/nowhere.sock' }, mysql, mysqlBehindTap: mysql };
const runner = await Runner.start({ source, file, servers, now: 0 });
void runner.call('f', []);
const below = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(below)];
console.log(childrenOf(process.pid).flatMap(below).join(' '));
