import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from './root.ts';

/** What a students' edition says of itself, in its `EDITION.json`. */
export interface Edition {
  /** Of the kit it was made from: `0.2.0`. */
  version: string;
  /** The commit it was made from, in full. */
  commit: string;
  /** The labs that it holds, in order. */
  labs: string[];
  /** ISO 8601. */
  madeAt: string;
}

/**
 * What the students' edition that runs says of itself, or undefined in the whole kit, which has worked answers.
 *
 * @example studentsEdition()?.labs // ['01-initial-sync', '02-read-orders']
 */
export function studentsEdition(): Edition | undefined {
  const file = join(rootFolder(), 'EDITION.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Edition) : undefined;
}

/**
 * What comes after full points, code between backticks: the worked answer, or in a students' edition the student's own.
 *
 * @example afterSolved('01-initial-sync') // '`./lab answer 01` shows the worked answer.'
 */
export function afterSolved(lab: string): string {
  return studentsEdition()
    ? `Now write your answer in \`answers/${lab}.md\`.`
    : `\`./lab answer ${lab.slice(0, 2)}\` shows the worked answer.`;
}
