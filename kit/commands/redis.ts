import type { Command } from 'commander';
import { redisClient } from '../servers/client-program.ts';
import { lastingServers } from '../servers/lasting.ts';
import { handOver } from './hand-over.ts';

/** `./lab redis`: redis-cli on the running servers, whose passwords nobody knows; `./lab redis GET key` asks one thing. */
export function register(program: Command): void {
  program
    .command('redis')
    .description("a prompt on the running Redis, or one command: ./lab redis KEYS 'order:*'")
    .argument('[words...]', 'as redis-cli takes them')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: string[]) => {
      const { redis } = await lastingServers('to ask');
      handOver(redisClient(redis, words));
    });
}
