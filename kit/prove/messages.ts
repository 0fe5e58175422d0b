import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';
import type { CheckResult, LabResult } from '../judge/result.ts';
import type { Claim } from './claim.ts';
import type { Subject } from './subjects.ts';

/** Chai's own words, which speak of the check's variables: `expected 1 to be 2 // Object.is equality`. */
const RIDDLE = /^expected |: expected .+ to | \/\/ Object\.is equality|\$\$typeof/;

/** What is wrong with how a failed check says so; undefined where nothing is. */
export function faultOfMessage({
  sentence = '',
  expected,
  got,
}: Pick<CheckResult, 'sentence' | 'expected' | 'got'>): string | undefined {
  if (sentence.trim() === '') return 'it says nothing';
  if (RIDDLE.test(sentence)) return 'it is the words of the assertion, not of the course';
  return expected !== undefined && expected === got ? `it expects ${expected} and got the same` : undefined;
}

/**
 * Lays out what students read: of each wrong solution the first sentence that it is told, in `.lab/messages/<lab>.md`, to
 * be read beside what is wrong with it. Claims that none of these, nor any other that was told, is a riddle.
 *
 * @param subjects those of a lab, and `results` what became of them.
 */
export async function tellMessages(
  lab: string,
  subjects: readonly Subject[],
  results: ReadonlyMap<Subject, LabResult>,
): Promise<Claim> {
  const rows: string[] = [];
  const riddles: string[] = [];
  for (const subject of subjects) {
    const failed = results.get(subject)?.checks.filter(({ outcome }) => outcome === 'failed') ?? [];
    // What gives back nonsense is tried for the judge's sake: nobody hands it in.
    for (const check of subject.name.startsWith('nonsense') ? [] : failed) {
      const fault = faultOfMessage(check);
      if (fault) riddles.push(`${check.id}, told ${subject.name}: ${fault}\n  ${check.sentence}`);
    }
    if (subject.wrong !== undefined && failed[0]) rows.push(row(subject, failed[0]));
  }
  const file = join('.lab', 'messages', `${lab}.md`);
  await mkdir(join(rootFolder(), '.lab', 'messages'), { recursive: true });
  await writeWhole(join(rootFolder(), file), [head(lab), ...rows, ''].join('\n'));
  return {
    name: `what wrong solutions of ${lab} are told is no riddle`,
    holds: riddles.length === 0,
    detail: riddles.length > 0 ? [...new Set(riddles)].join('\n') : file,
  };
}

const head = (lab: string): string =>
  `# What wrong solutions of ${lab} are told first\n\n| wrong solution | what is wrong | check | sentence | expected | got |\n|---|---|---|---|---|---|`;

const row = ({ wrong, why = '' }: Subject, { id, sentence, expected, got }: CheckResult): string =>
  `| ${[wrong, why, id, sentence, expected, got].map((cell) => oneCell(cell ?? '')).join(' | ')} |`;

const oneCell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 400);
