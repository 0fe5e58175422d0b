import type { CatalogEntry } from '../../../src/catalog.ts';

/** The heading under which a student answers. */
export const answerHeading = 'Your answer';

/** What stands there until the student writes. It says the course's own rule. */
export const placeholder = 'Write your answer here. Illustrate it with code or with terminal output.';

/** The title of a written answer, as the worked answers have it: `03 Writing orders: HSET with a mapping`. */
export const titleOf = ({ id, title }: Pick<CatalogEntry, 'id' | 'title'>): string =>
  `${id.slice(0, 2)} ${title}`;

/**
 * The file `answers/<id>.md` as students get it: the title, the question, and room to answer. It holds no comment and
 * no word of the worked answer.
 *
 * @example templateOf(findLab('03')).split('\n')[0] // '# 03 Writing orders: HSET with a mapping'
 */
export function templateOf(lab: Pick<CatalogEntry, 'id' | 'title' | 'question'>): string {
  return `# ${titleOf(lab)}\n\n> ${lab.question}\n\n## ${answerHeading}\n\n_${placeholder}_\n`;
}
