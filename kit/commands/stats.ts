import { setTimeout as pause } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { redisFigures } from '../../src/cache/cache-stats.ts';
import { lastingServers } from '../servers/lasting.ts';
import { withRedis } from '../servers/versions.ts';
import { listenForStop } from '../setup/signals.ts';
import { gameStats } from './stats/game-stats.ts';
import { statsText } from './stats/stats-text.ts';

interface StatsOptions {
  game: string;
  watch?: boolean;
  every: number;
}

/** `./lab stats`: how the cache does, the document's figures: of the running game where there is one, and of Redis. */
export function register(program: Command): void {
  program
    .command('stats')
    .description('how the cache does: hit rates of the running game, memory and clients of Redis')
    .option('--game <url>', 'where ./lab serve market answers', 'http://127.0.0.1:5000')
    .option('--watch', 'again and again, until Ctrl-C')
    .option('--every <seconds>', 'pause between two looks of --watch', secondsOf, 2)
    .action(stats);
}

async function stats({ game, watch, every }: StatsOptions): Promise<void> {
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const figures = await gameStats(game);
  try {
    do {
      const of = figures ? await figures.read() : { redis: await figuresOfRedis() };
      if (watch && process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H');
      console.log(statsText(of, figures ? undefined : game));
      if (watch) await Promise.race([pause(every * 1000), stop.asked]);
    } while (watch && !stop.signal.aborted);
  } finally {
    await figures?.close();
    stop.release();
  }
}

async function figuresOfRedis() {
  const { redis } = await lastingServers('to tell of');
  return withRedis(redis, redisFigures);
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,5}(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds >= 0.1) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds from 0.1 upwards, such as 2.');
}
