import { childrenOf } from '../../../kit/base/proc-stat.ts';
import { Runner } from '../../../kit/judge/runner/runner.ts';
import { transpile } from '../../../kit/judge/runner/transpile.ts';
import { noServers } from './no-servers.ts';

// A judge in a process of its own, to be killed: it calls `f` of the file that it is given, and tells what it started.
const source = process.argv[2]!;
const { file } = await transpile(source, []);
const runner = await Runner.start({ source, file, servers: noServers, now: 0 });
void runner.call('f', []);
const below = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(below)];
console.log(childrenOf(process.pid).flatMap(below).join(' '));
