import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { findIsolation } from '../judge/isolation/find.ts';
import { serversSentence } from '../judge/run-checks.ts';
import { newSeed } from '../judge/seed.ts';
import { checkStyle, checkTypes } from '../prove/check-types.ts';
import type { Claim } from '../prove/claim.ts';
import { claimLine } from '../prove/claim-line.ts';
import { type KitResult, runKitTests } from '../prove/kit-tests.ts';
import { proveFiles } from '../prove/prove-files.ts';
import { proveLabs } from '../prove/prove-labs.ts';
import { type TeachersProofs, teachersProofs } from '../prove/teachers-proofs.ts';
import { openServers } from '../servers/open.ts';
import { prepare } from '../setup/prepare.ts';

interface TestOptions {
  checksOnly?: boolean;
  /** False with `--no-wrong`. */
  wrong: boolean;
  long?: boolean;
  yes?: boolean;
  seed?: number;
}

/** `./lab test`, which `npm test` calls: sets up what is missing, then proves the kit and the course. */
export function register(program: Command): void {
  program
    .command('test')
    .description(
      "set up what is missing, then run every test: the kit's own, every lab's checks, every notebook",
    )
    .option('--checks-only', 'only the graded checks, against answers, stubs and kept solutions')
    .option('--no-wrong', 'without the wrong solutions, which try the checks, not the servers')
    .option('--long', 'also what is long or needs a browser')
    .option('--seed <number>', 'draw the same inputs as a run that printed this seed', Number)
    .option('--yes', 'install system packages without asking')
    .action(test);
}

async function test(options: TestOptions): Promise<void> {
  const whole = !options.checksOnly;
  const edition = studentsEdition();
  if (edition) {
    if (options.long)
      throw new Error("The long tests are not part of the students' edition: npm test runs all that is.");
    const from = `storelab ${edition.version}, commit ${edition.commit.slice(0, 10)}, ${edition.labs.length} labs`;
    console.log(
      `This is the students' edition (${from}): it is proved without worked answers and kept solutions.`,
    );
  }
  const tally = { passed: 0, failed: 0 };
  const add = ({ passed, failed }: KitResult) => {
    tally.passed += passed;
    tally.failed += failed;
  };
  const { jupyter } = await prepare({ jupyter: whole, ...(options.yes ? { yes: true } : {}) });
  if (whole) {
    add(
      await part('style, types and files', async () => [
        await checkStyle(),
        ...(await checkTypes()),
        ...proveFiles(),
      ]),
    );
    add(await section("the kit's own tests", () => runKitTests({ long: options.long ?? false })));
  }
  if (process.env.LAB_SERVERS === 'containers') {
    process.env.LAB_TEST_CONTAINERS = '1';
    add(await section('in containers', () => runKitTests({ only: '.containers.' })));
  }
  const teachers = await teachersProofs();
  const seed = options.seed ?? newSeed();
  add(await part('labs', () => labs(teachers, { seed, wrong: wrongMode(options) })));
  if (whole && teachers) add(await part('attacks', () => attacks(teachers, seed)));
  if (jupyter) {
    const { proveNotebooks } = await import('../prove/prove-notebooks.ts');
    add(
      await part('notebooks', () =>
        proveNotebooks(jupyter, (sentence) => console.log(pc.dim(`  ${sentence}`))),
      ),
    );
  }
  mkdirSync(join(rootFolder(), '.lab'), { recursive: true });
  writeFileSync(join(rootFolder(), '.lab', 'test-result.json'), `${JSON.stringify(tally)}\n`);
  console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
}

/** A long run tries each wrong solution on every check, and so says what each check catches alone. */
function wrongMode({ wrong, long }: TestOptions): 'none' | 'all' | 'drawn' {
  if (!wrong) return 'none';
  return long ? 'all' : 'drawn';
}

/** The checks against everything that is kept to try them on, on servers of this run alone. */
async function labs(
  teachers: TeachersProofs | undefined,
  { seed, wrong }: { seed: number; wrong: 'none' | 'all' | 'drawn' },
): Promise<Claim[]> {
  const servers = await openServers({ onStep: (sentence) => console.log(pc.dim(`  ${sentence}`)) });
  try {
    console.log(pc.dim(`  ${serversSentence(servers)}, seed ${seed}`));
    return await proveLabs({
      servers,
      teachers,
      seed,
      wrong,
      onSubmission: (name) => console.log(pc.dim(`  judged ${name}`)),
    });
  } finally {
    await servers.close();
  }
}

/** Hostile submissions beside honest ones. */
async function attacks({ proveAttacks }: TeachersProofs, seed: number): Promise<Claim[]> {
  const servers = await openServers({ onStep: (sentence) => console.log(pc.dim(`  ${sentence}`)) });
  try {
    const { sentence } = await findIsolation();
    console.log(pc.dim(`  ${serversSentence(servers)}, seed ${seed}\n  isolation ${sentence}`));
    return await proveAttacks({ servers, seed });
  } finally {
    await servers.close();
  }
}

async function section(name: string, work: () => Promise<KitResult>): Promise<KitResult> {
  console.log(`\n${pc.bold(name)}`);
  const begun = performance.now();
  const result = await work();
  console.log(
    pc.dim(
      `  ${name}: ${result.passed} passed, ${result.failed} failed, ${((performance.now() - begun) / 1000).toFixed(1)} s`,
    ),
  );
  return result;
}

const part = (name: string, work: () => Promise<Claim[]>): Promise<KitResult> =>
  section(name, async () => {
    const claims = await work();
    for (const claim of claims) console.log(claimLine(claim));
    return {
      passed: claims.filter(({ holds }) => holds).length,
      failed: claims.filter(({ holds }) => !holds).length,
    };
  });
