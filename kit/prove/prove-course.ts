import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { rootFolder } from '../base/root.ts';
import { findIsolation } from '../judge/isolation/find.ts';
import { serversSentence } from '../judge/run-checks.ts';
import { openServers } from '../servers/open-servers.ts';
import type { Servers } from '../servers/servers.ts';
import { prepare } from '../setup/prepare.ts';
import { checkStyle, checkTypes } from './check-types.ts';
import type { Claim } from './claim.ts';
import { type KitResult, runKitTests } from './kit-tests.ts';
import { proveFiles } from './prove-files.ts';
import { proveLabs } from './prove-labs.ts';
import { part, section } from './section.ts';
import type { Subject, WrongMode } from './subjects.ts';
import { teachersProofs } from './teachers-proofs.ts';

export interface CourseOptions {
  /** Only the graded checks, against answers, stubs and kept solutions. */
  checksOnly: boolean;
  /** False leaves the notebooks out. */
  notebook: boolean;
  wrong: WrongMode;
  /** Also what is long or needs a browser. */
  long: boolean;
  seed: number;
  /** Install system packages without asking. */
  yes: boolean;
}

const dim = (sentence: string) => console.log(pc.dim(`  ${sentence}`));

/**
 * Proves the kit and the course: style, types and files, the kit's own tests, then each lab's checks and attacks
 * beside the notebooks. Prints how each part went, at the end what failed, and writes both to `.lab/test-result.json`.
 *
 * @returns whether everything held, and anything at all was tried.
 */
export async function proveCourse(options: CourseOptions): Promise<boolean> {
  const { seed, wrong, long } = options;
  const whole = !options.checksOnly;
  let passed = 0;
  const failures: string[] = [];
  const add = (result: KitResult) => {
    passed += result.passed;
    failures.push(...result.failed);
  };
  const { jupyter } = await prepare({ jupyter: whole, ...(options.yes ? { yes: true } : {}) });
  // The kit's own tests come first: beside them a solution that is late would be told as a busy machine.
  if (whole) {
    add(await part('style, types and files', styleTypesAndFiles));
    add(await section("the kit's own tests", () => runKitTests({ long })));
  }
  if (process.env.LAB_SERVERS === 'containers') {
    process.env.LAB_TEST_CONTAINERS = '1';
    add(await section('in containers', () => runKitTests({ only: '.containers.' })));
  }
  const teachers = await teachersProofs();
  const executed = async () => {
    if (!whole || !jupyter || !options.notebook) return;
    const { drawnStubs, proveNotebooks } = await import('./prove-notebooks.ts');
    const withStub = wrong === 'drawn' ? { withStub: drawnStubs(seed) } : {};
    add(await part('notebooks', () => proveNotebooks(jupyter, { ...withStub, onProgress: dim })));
  };
  const graded = async (beside: Promise<unknown>) => {
    const onJudged = ({ lab, name }: Subject) => dim(`judged ${lab}: ${name}`);
    const judging = (servers: Servers) => proveLabs({ servers, teachers, seed, wrong, beside, onJudged });
    add(await part('labs', () => onServers(seed, judging)));
    if (!whole || !teachers) return;
    const attack = async (servers: Servers) => {
      dim(`isolation ${(await findIsolation()).sentence}`);
      return teachers.proveAttacks({ servers, seed });
    };
    add(await part('attacks', () => onServers(seed, attack)));
  };
  // Side by side: each waits about half of its time.
  const notebooks = executed();
  const ended = await Promise.allSettled([notebooks, graded(notebooks)]);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  const tally = { passed, failed: failures.length, failures };
  mkdirSync(join(rootFolder(), '.lab'), { recursive: true });
  writeFileSync(join(rootFolder(), '.lab', 'test-result.json'), `${JSON.stringify(tally, null, 1)}\n`);
  for (const failure of failures) console.log(`${pc.red('✗')} ${failure}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 && passed > 0;
}

const styleTypesAndFiles = async (): Promise<Claim[]> => [
  await checkStyle(),
  ...(await checkTypes()),
  ...proveFiles(),
];

/** Works on servers of this run alone, and says which they are. */
async function onServers(seed: number, work: (servers: Servers) => Promise<Claim[]>): Promise<Claim[]> {
  const servers = await openServers({ onStep: dim });
  try {
    dim(`${serversSentence(servers)}, seed ${seed}`);
    return await work(servers);
  } finally {
    await servers.close();
  }
}
