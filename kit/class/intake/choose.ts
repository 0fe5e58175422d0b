import { type PlainText, plainText } from '../../base/plain-text.ts';
import type { CollectedFiles, Found } from './collected-files.ts';
import { shown } from './file-names.ts';
import { fileOf, type Kind, type Target } from './target.ts';

/** One file of the safe copy. */
export interface Chosen extends PlainText {
  /** `labs/01-initial-sync.ts`, whatever it was called. */
  file: string;
}

/** The rule, as it is said where two files could be meant. */
export const rule =
  'a file of the folder goes before one in an archive, one in labs/ or answers/ before others, a later attempt (-2, -1) before an earlier one, an exact name before a changed one, fewer folders before more, then the alphabet';

const rank = ({ boxed, inFolder, attempt, exact, depth }: Found): number[] => [
  Number(boxed),
  Number(!inFolder),
  -attempt,
  Number(!exact),
  depth,
];

function byRule(a: Found, b: Found): number {
  const [one, other] = [rank(a), rank(b)];
  const place = one.findIndex((value, index) => value !== other[index]);
  if (place >= 0) return one[place]! - other[place]!;
  return a.path < b.path ? -1 : 1;
}

/**
 * Chooses one file for each lab and answer asked for, by the rule above, and says what was found elsewhere, what was
 * there twice and what is missing.
 */
export function choose(collected: CollectedFiles, labs: readonly string[]): Chosen[] {
  const kinds: Kind[] = ['labs', 'answers'];
  const targets: Target[] = kinds.flatMap((kind) => labs.map((lab) => ({ kind, lab })));
  const missing: string[] = [];
  const crlf: string[] = [];
  const chosen = targets.flatMap((target) => {
    const file = fileOf(target);
    const found = pick(target, collected);
    const plain = found && plainText(found.bytes);
    if (found && !plain) collected.note(`"${shown(found.path)}" is no text and was left out.`);
    if (!plain) missing.push(file);
    if (plain?.crlf) crlf.push(file);
    if (plain?.encoding) {
      collected.note(
        `${file} is not saved as UTF-8; it was read as ${plain.encoding}, so accents may look wrong.`,
      );
    }
    return plain ? [{ file, ...plain }] : [];
  });
  if (crlf.length > 0)
    collected.note(`Windows line ends were read as plain ones, which changes nothing: ${crlf.join(', ')}.`);
  sayMissing(missing, collected);
  return chosen;
}

function pick({ kind, lab }: Target, collected: CollectedFiles): Found | undefined {
  const [first, ...rest] = [...collected.found.values()]
    .filter(({ target }) => target.kind === kind && target.lab === lab)
    .sort(byRule);
  if (!first) return undefined;
  const file = fileOf(first.target);
  if (!first.inFolder || !first.exact) collected.note(`${file} was found as "${shown(first.path)}".`);
  const different = rest.filter(({ bytes, path }) => !bytes.equals(first.bytes) && !ofTheKit.test(path));
  if (different.length > 0) {
    const names = different.slice(0, 3).map(({ path }) => `"${shown(path)}"`);
    const more = different.length > 3 ? ` and ${different.length - 3} more` : '';
    collected.note(`For ${file}, "${shown(first.path)}" was taken, not ${names.join(', ')}${more}.`);
    collected.noteLast(`Where two files may be meant, ${rule}.`);
  }
  return first;
}

/** A whole edition that is handed in holds the stubs once more, as they were given out. */
const ofTheKit = /(?:^|\/)stubs\/[^/]+$/;

function sayMissing(missing: string[], collected: CollectedFiles): void {
  if (missing.length === 0) return;
  collected.note(`Missing: ${missing.join(', ')}.`);
  const meant = (paths: readonly string[]) =>
    paths.filter((path) => missing.some((file) => resembles(path, file)));
  const listed = (paths: readonly string[]) =>
    paths
      .slice(0, 5)
      .map((path) => `"${shown(path)}"`)
      .join(', ');
  const near = meant(collected.others);
  if (near.length > 0)
    collected.note(`A file is known by its name. These were seen and have none of those: ${listed(near)}.`);
  // Where nothing at all is there, any document may be the work.
  const { documents } = collected;
  const foreign = collected.found.size === 0 ? documents : meant(documents);
  if (foreign.length > 0)
    collected.note(`Labs are read from .ts files, answers from .md files. Not read: ${listed(foreign)}.`);
}

/**
 * Whether somebody may have meant a missing file: the name holds the lab's number or one of its longer words.
 *
 * @example resembles('tp/exercise3.ts', 'labs/03-hset-mapping.ts') // true
 */
function resembles(path: string, missing: string): boolean {
  const name = path.split(/[/\\]/).at(-1)!.toLowerCase();
  const [number, ...words] = missing.slice(missing.indexOf('/') + 1).split(/[-.]/);
  const numbered = new RegExp(`(?<!\\d)0?${Number(number)}(?!\\d)`);
  return numbered.test(name) || words.some((word) => word.length > 3 && name.includes(word));
}
