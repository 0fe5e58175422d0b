import type { CatalogEntry } from '../../../src/catalog.ts';
import type { WrittenAnswer } from '../report/result-schema.ts';
import { type Block, blocksOf, plainWords } from './blocks.ts';
import { answerHeading, placeholder, titleOf } from './template.ts';

type Lab = Pick<CatalogEntry, 'id' | 'title' | 'question'>;
type Judged = Pick<WrittenAnswer, 'state' | 'underHeading' | 'illustrated' | 'remarks'>;

/** A heading with one of these words is one to answer under, in the languages of the course. */
const answerWords = /\b(?:answers?|solutions?|reponses?|antwort(?:en)?)\b/;

/**
 * What can be said of an answer without reading it as a person would.
 *
 * - Whose words: the title, the question and the placeholder of the template are nobody's; any other block that is no
 *   heading is the student's.
 * - Under the heading: something of the student's stands anywhere behind a heading that says "answer" (or réponse,
 *   Antwort, solution). Where there is no such heading, one that holds the question, the lab's title or "Question 3"
 *   does as well, and so does the question as a quote, or any title of level 1.
 * - Illustrated: a fenced or indented block of code or terminal output, at any depth, with something in it. Code within
 *   a sentence is none, and a picture is none, since it cannot be shown here.
 */
export function judgeAnswer(markdown: string, lab: Lab): Judged {
  const blocks = blocksOf(markdown);
  const own = blocks.filter((block) => isOwn(block, lab));
  if (own.length === 0) {
    const remark = markdown.trim() === '' ? 'The file is empty.' : 'The answer is still to be written.';
    return { state: 'template', underHeading: false, illustrated: false, remarks: [remark] };
  }
  const start = startOf(blocks, lab);
  const underHeading = start !== undefined && own.some(({ line }) => line > start.line);
  const illustrated = own.some(({ hasCode }) => hasCode);
  const remarks = [
    ...(underHeading ? [] : [misplaced(start)]),
    ...(illustrated ? [] : [unillustrated(own)]),
    ...own
      .filter(({ hasPicture }) => hasPicture)
      .slice(0, 1)
      .map(picture),
    ...own.filter(({ isOpen }) => isOpen).map(open),
  ];
  return { state: 'present', underHeading, illustrated, remarks };
}

function isOwn({ kind, words, hasPicture }: Block, lab: Lab): boolean {
  if (kind === 'heading' || (words === '' && !hasPicture)) return false;
  const handedOut = [lab.title, titleOf(lab), lab.question, answerHeading, placeholder].map(plainWords);
  return !handedOut.includes(words) && !(kind === 'quote' && plainWords(lab.question).includes(words));
}

/** Where the answer should begin. */
function startOf(blocks: Block[], lab: Lab): Block | undefined {
  const headings = blocks.filter(({ kind }) => kind === 'heading');
  const [question, title] = [plainWords(lab.question), plainWords(lab.title)];
  const number = Number(lab.id.slice(0, 2));
  const numbered = new RegExp(`\\b(?:question|q|lab|exercise|exercice) ?0?${number}\\b`);
  const asks = (words: string) =>
    words.includes(question) || (words.length >= 20 && question.includes(words));
  return (
    headings.find(({ words }) => answerWords.test(words) && !asks(words)) ??
    headings.find(({ words }) => asks(words) || words.includes(title) || numbered.test(words)) ??
    blocks.find(({ kind, words }) => kind === 'quote' && asks(words)) ??
    headings.find(({ level }) => level === 1)
  );
}

function misplaced(start: Block | undefined): string {
  if (!start) return `No heading says where the answer begins: put "## ${answerHeading}" above it.`;
  return `Nothing stands under the heading at line ${start.line}: what was written stands above it.`;
}

function unillustrated(own: Block[]): string {
  const rule = 'show code or terminal output in a block between lines of three backticks';
  if (own.some(({ hasInlineCode }) => hasInlineCode)) {
    return `The answer mentions code in its sentences, but nothing illustrates it: ${rule}.`;
  }
  return `Nothing illustrates the answer: ${rule}.`;
}

const picture = ({ line }: Block): string =>
  `The picture at line ${line} is not shown here: copy what it shows as text, in a block between lines of three backticks.`;

const open = ({ line }: Block): string =>
  `The block of code at line ${line} is never closed, so all that follows counts as code: put three backticks on a line behind it.`;
