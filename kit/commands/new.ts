import { type Command, Option } from 'commander';
import { newLab } from '../prove/new-lab/new-lab.ts';
import { removeLab } from '../prove/new-lab/remove-lab.ts';

interface NewOptions {
  world: 'store' | 'market';
  packages: string[];
  remove?: boolean;
}

/** `./lab new 11-sessions "Sessions"`: writes the files of a lab, for whoever adds one to the course. */
export function register(program: Command): void {
  program
    .command('new')
    .description('write the files of a new lab from templates: ./lab new 11-sessions "Sessions"')
    .argument('<id>', 'two digits and a name: 11-sessions')
    .argument('[title]', 'as the course lists it: "Sessions"')
    .addOption(
      new Option('--world <world>', 'whose tables its checks put back')
        .choices(['store', 'market'])
        .default('store'),
    )
    .option('--packages <names>', 'npm packages that its file may import', (list) => list.split(/[, ]+/), [
      'ioredis',
    ])
    .option('--remove', 'take away a lab that was never added to git; its files go to .lab/removed')
    .action(makeLab);
}

async function makeLab(
  id: string,
  title: string | undefined,
  { world, packages, remove }: NewOptions,
): Promise<void> {
  if (remove) {
    console.log(`Lab ${id} is taken out of the course. Its files are in ${await removeLab(id)}.`);
    return;
  }
  if (title === undefined) throw new Error(`Give the title too: ./lab new ${id} "Sessions"`);
  const files = await newLab({ id, title, world, packages });
  const number = id.slice(0, 2);
  console.log(`Lab ${id}:\n${files.map((path) => `  ${path}`).join('\n')}`);
  console.log(
    `\n./lab test ${number} lists what is still to write, ./lab test ${number} --watch as you write it.`,
  );
}
