import type { Command } from 'commander';
import pc from 'picocolors';
import { catalog } from '../../src/catalog.ts';
import { readProgress } from '../base/learner-progress.ts';

/** `./lab` alone: the labs, the points earned, and the next command. */
export function register(program: Command): void {
  program.command('list').description('the labs and the points you have earned').action(list);
}

function list(): void {
  const { labs } = readProgress();
  console.log(`\n${pc.bold('storelab')}: Redis caching in front of MySQL, one question at a time\n`);
  const width = Math.max(...catalog.map(({ title }) => title.length));
  for (const { id, title } of catalog) {
    const done = labs[id];
    const full = done?.checkedAt && done.points === done.maxPoints;
    const mark = full ? pc.green('✓') : done?.checkedAt ? pc.yellow('…') : ' ';
    const points = done?.checkedAt ? `${done.points} of ${done.maxPoints} points` : pc.dim('not checked yet');
    console.log(`  ${mark} ${id.slice(0, 2)}  ${title.padEnd(width)}  ${points}`);
  }
  const next = catalog.find(({ id }) => !labs[id]?.checkedAt || labs[id].points < labs[id].maxPoints);
  const number = next?.id.slice(0, 2);
  if (number)
    console.log(
      `\n  Next: ./lab ${number} walks through it, ./lab check ${number} grades labs/${next?.id}.ts.\n`,
    );
  else console.log(pc.green('\n  Every lab is solved.\n'));
}
