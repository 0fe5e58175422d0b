import { isClutter, segmentsOf, shown } from './file-names.ts';
import { limits } from './intake-limits.ts';
import { type Match, matchOf } from './target.ts';

/** A file of a submission that grading may want, with its bytes. */
export interface Found extends Match {
  /** As it was handed in: `tp/labs/01-initial-sync.ts`, and for one in an archive `tp.zip/labs/...`. */
  path: string;
  /** It lies in an archive inside the student's folder. */
  boxed: boolean;
  bytes: Buffer;
}

const program = /\.(?:[cm]?[jt]s|md)$/i;
const document = /\.(?:docx?|odt|rtf|pages|pdf|ipynb|html?|txt)$/i;

/** Gathers what the folders and archives of one student hold, and says what had to stay behind. */
export class CollectedFiles {
  readonly found = new Map<string, Found>();
  /** Names of other TypeScript and Markdown files: where a lab is missing, one of them may be it. */
  readonly others: string[] = [];
  /** Names of documents, notebooks and the like, which are never read. */
  readonly documents: string[] = [];
  readonly #notes: string[] = [];
  readonly #labs: readonly string[];
  #last: string[] = [];
  #unsaid = 0;
  #files = 0;
  #bytes = 0;

  constructor(labs: readonly string[]) {
    this.#labs = labs;
  }

  get notes(): string[] {
    const more = this.#unsaid > 0 ? [`And ${this.#unsaid} more of this kind.`] : [];
    return [...this.#notes, ...this.#last, ...more];
  }

  /** A sentence that explains others, and stands behind them. */
  noteLast(sentence: string): void {
    if (!this.#last.includes(sentence)) this.#last.push(sentence);
  }

  note(sentence: string): void {
    if (this.#notes.includes(sentence)) return;
    if (this.#notes.length < limits.notes) this.#notes.push(sentence);
    else this.#unsaid += 1;
  }

  /** Whether a path means a file that grading wants. What leads out of the submission is named and refused. */
  wants(path: string): Match | undefined {
    const segments = segmentsOf(path);
    if (!segments) {
      this.note(`"${shown(path)}" leads out of the submission and was left out.`);
      return undefined;
    }
    const match = matchOf(path, this.#labs);
    if (match || segments.some(isClutter)) return match;
    const list = program.test(path) ? this.others : document.test(path) ? this.documents : undefined;
    if (list && list.length < limits.files) list.push(path);
    return match;
  }

  /** Whether there is room for one more file of this size, in bytes; else it is named as left out. */
  hasRoom(path: string, size: number): boolean {
    if (size > limits.fileBytes) {
      this.note(
        `"${shown(path)}" is larger than ${limits.fileBytes / 1024} KB, far more than a lab needs, and was left out.`,
      );
      return false;
    }
    // Attempts count, not successes: a damaged file costs as much to inflate.
    this.#files += 1;
    if (this.#files <= limits.files && this.#bytes + size <= limits.keptBytes) return true;
    this.note('So many files have the name of a lab that the rest of them was left out.');
    return false;
  }

  keep(found: Found): void {
    this.#bytes += found.bytes.length;
    const before = this.found.get(found.path);
    if (before && !before.bytes.equals(found.bytes)) {
      this.note(
        `"${shown(found.path)}" stands more than once in the archive: the last one counts, as unpacking it does.`,
      );
    }
    this.found.set(found.path, found);
  }
}
