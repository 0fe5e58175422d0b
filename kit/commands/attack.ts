import type { Command } from 'commander';
import pc from 'picocolors';
import { harmless } from '../base/harmless.ts';
import { findIsolation } from '../judge/isolation/find.ts';
import { serversSentence } from '../judge/run-checks.ts';
import { newSeed } from '../judge/seed.ts';
import { proveAttacks } from '../prove/kept/prove-attacks.ts';
import { openServers } from '../servers/open-servers.ts';

interface AttackOptions {
  only?: string;
  seed?: number;
}

/** `./lab attack`: judges hostile submissions beside honest ones, and exits 0 only where none got anywhere. */
export function register(program: Command): void {
  program
    .command('attack')
    .description('try hostile submissions on the grader: none may earn, disturb or leave anything')
    .option('--only <name>', 'only those whose name holds this: ./lab attack --only redis')
    .option('--seed <number>', 'draw the same inputs as a run that printed this seed', Number)
    .action(attack);
}

async function attack({ only, seed = newSeed() }: AttackOptions): Promise<void> {
  if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number, as a run prints it.');
  const begun = performance.now();
  // Servers of this run alone: nobody's data is near.
  const servers = await openServers({ onStep: (sentence) => console.log(pc.dim(`  ${sentence}`)) });
  try {
    const { sentence } = await findIsolation();
    console.log(pc.dim(`  ${serversSentence(servers)}, seed ${seed}\n  isolation ${sentence}`));
    const claims = await proveAttacks({ servers, seed, ...(only ? { only } : {}) });
    for (const { name, holds, detail } of claims) {
      const figure = holds && detail ? pc.dim(`: ${detail}`) : '';
      console.log(`  ${holds ? pc.green('✓') : pc.red('✗')} ${name}${figure}`);
      if (!holds && detail) console.log(`      ${harmless(detail).split('\n').join('\n      ')}`);
    }
    const failed = claims.filter(({ holds }) => !holds).length;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`\n${claims.length - failed} hold, ${failed} do not, ${seconds} s`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    await servers.close();
  }
}
