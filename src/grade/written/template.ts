import type { CatalogEntry } from '../../catalog.ts';

/**
 * The written answer of a lab before anybody has written it: the question, and room under its heading.
 *
 * @example answerTemplate(findLab('02')) // '# Reading orders\n\n> Which methods did you use to read data from Redis? ...'
 */
export function answerTemplate({ title, question }: Pick<CatalogEntry, 'title' | 'question'>): string {
  return `# ${title}\n\n> ${question}\n\n## Your answer\n\n_Write your answer here. Illustrate it with code or with terminal output._\n`;
}
