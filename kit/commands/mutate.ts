import type { Command } from 'commander';
import pc from 'picocolors';
import { progressBar } from '../../src/lab/progress.ts';
import { labsNamed } from '../judge/labs-named.ts';
import { serversSentence } from '../judge/run-checks.ts';
import { newSeed } from '../judge/seed.ts';
import { judgeMutants, type Mutated } from '../prove/mutants/judge.ts';
import type { Mutant } from '../prove/mutants/make.ts';
import { counted, isEnough, MIN_SCORE, scoreOf } from '../prove/mutants/score.ts';
import { writeRows } from '../prove/mutants/table.ts';
import { openServers } from '../servers/open-servers.ts';
import { listenForStop } from '../setup/signals.ts';

interface MutateOptions {
  write?: boolean;
  again?: boolean;
  seed?: number;
}

/** `./lab mutate 03`: puts small mistakes into worked answers, one at a time, and says which the checks do not see. */
export function register(program: Command): void {
  program
    .command('mutate')
    .description('put small mistakes into worked answers by machine, and list those that no check sees')
    .argument('[labs]', 'which labs: 03, 01-05 or 01,07; default all')
    .option('--write', 'write the figures into the table of docs/checks.md')
    .option('--again', 'only those that no check failed in the last run of their lab')
    .option('--seed <number>', 'draw the same inputs as a run that printed this seed', Number)
    .action(mutate);
}

async function mutate(
  asked: string | undefined,
  { write, again = false, seed = newSeed() }: MutateOptions,
): Promise<void> {
  if (write && again) throw new Error('--write needs the figures of all mutants: leave --again away.');
  const stop = listenForStop({ onAgain: () => process.exit(130) });
  const servers = await openServers({ onStep: (sentence) => console.log(pc.dim(`  ${sentence}`)) });
  const all: Mutated[] = [];
  try {
    console.log(pc.dim(`  ${serversSentence(servers)}, seed ${seed}`));
    for (const { id } of labsNamed(asked)) {
      let bar: ReturnType<typeof progressBar> | undefined;
      const onDone = (done: number, of: number) => {
        bar ??= progressBar(of, `Mutants of ${id}`);
        bar.to(done);
        if (done === of) bar.end();
      };
      const mutated = await judgeMutants(id, { servers, seed, onDone, again, signal: stop.signal });
      if (stop.signal.aborted) break;
      all.push(mutated);
      tell(mutated);
    }
    if (write && !stop.signal.aborted) await writeRows(all);
    process.exitCode = stop.signal.aborted ? 130 : all.every(isEnough) ? 0 : 1;
  } finally {
    await servers.close();
    stop.release();
  }
}

function tell(mutated: Mutated): void {
  const { lab, made, equivalent, killed, survived, undecided, stale } = mutated;
  console.log(
    `\n${isEnough(mutated) ? pc.green('✓') : pc.red('✗')} ${pc.bold(lab)}: ${killed} of ${counted(mutated)} mutants ` +
      `fail a check, ${scoreOf(mutated)} % (at least ${MIN_SCORE} % are wanted); ${made} made, ${equivalent} equivalent`,
  );
  for (const mutant of survived) console.log(`  ${pc.red('survived')} ${place(lab, mutant)}`);
  for (const mutant of undecided)
    console.log(`  ${pc.yellow('undecided')} ${place(lab, mutant)}\n      ${mutant.sentence}`);
  for (const { source, from, to } of stale)
    console.log(
      `  ${pc.red('listed in vain')} in test/mutants/${lab}.ts: ${source}: ${from} → ${to}. A check fails it, or the ` +
        'answer has no such line: take the entry out.',
    );
}

const place = (lab: string, { line, kind, source, from, to }: Mutant): string =>
  `answers/${lab}.md:${line} ${pc.dim(kind)} ${from} → ${to}${source === from ? '' : `\n      in ${pc.dim(source)}`}`;
