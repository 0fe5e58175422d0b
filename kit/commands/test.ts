import type { Command } from 'commander';
import { studentsEdition } from '../base/edition.ts';
import { newSeed } from '../judge/seed.ts';
import { proveCourse } from '../prove/prove-course.ts';
import type { WrongMode } from '../prove/subjects.ts';

interface TestOptions {
  checksOnly?: boolean;
  /** False with `--no-wrong`. */
  wrong: boolean;
  /** False with `--no-notebook`. */
  notebook: boolean;
  long?: boolean;
  watch?: boolean;
  yes?: boolean;
  seed?: number;
  /** `start` or `test`; true for both. */
  fresh?: string | true;
}

/** `./lab test`, which `npm test` calls: sets up what is missing, then proves the kit and the course. */
export function register(program: Command): void {
  program
    .command('test')
    .description(
      "set up what is missing, then run every test: the kit's own, every lab's checks, every notebook; ./lab test 07 proves one lab",
    )
    .argument('[lab]', 'the number or id of one lab to prove; by default the whole course')
    .option('--checks-only', 'only the graded checks, against answers, stubs and kept solutions')
    .option('--no-wrong', 'without the wrong solutions, which try the checks, not the servers')
    .option('--no-notebook', 'without the notebooks, executed in Jupyter')
    .option('--watch', 'prove one lab again at each save of one of its files')
    .option('--long', 'also what is long or needs a browser; of one lab each wrong solution on every check')
    .option(
      '--fresh [command]',
      "README's two commands, or one of them, in a clone on a bare Debian: start, test",
    )
    .option('--seed <number>', 'draw the same inputs as a run that printed this seed', Number)
    .option('--yes', 'install system packages without asking')
    .action(test);
}

async function test(lab: string | undefined, options: TestOptions): Promise<void> {
  if (options.fresh) {
    const { testFresh } = await import('../prove/fresh/test-fresh.ts');
    return testFresh(options.fresh);
  }
  const { checksOnly = false, long = false, yes = false, seed = newSeed(), notebook } = options;
  const edition = studentsEdition();
  if (edition) {
    if (long)
      throw new Error("The long tests are not part of the students' edition: npm test runs all that is.");
    const from = `storelab ${edition.version}, commit ${edition.commit.slice(0, 10)}, ${edition.labs.length} labs`;
    console.log(
      `This is the students' edition (${from}): it is proved without worked answers and kept solutions.`,
    );
  }
  const common = { checksOnly, notebook, seed, yes };
  if (lab === undefined) {
    if (options.watch) throw new Error('--watch proves one lab: name it, as in ./lab test 07 --watch');
    const held = await proveCourse({ ...common, long, wrong: wrongMode(options, 'drawn') });
    process.exitCode = held ? 0 : 1;
    return;
  }
  const { testLab } = await import('../prove/test-lab.ts');
  await testLab(lab, { ...common, watch: options.watch ?? false, wrong: wrongMode(options, 'named') });
}

/** A long run tries each wrong solution on every check, and so says what each check catches alone. */
function wrongMode({ wrong, long }: TestOptions, usual: WrongMode): WrongMode {
  if (!wrong) return 'none';
  return long ? 'all' : usual;
}
