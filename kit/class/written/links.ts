import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { type Heading, headingsOf } from './headings.ts';

/** An answer of a page. */
export interface PageAnswer {
  lab: string;
  title: string;
  markdown: string;
  /** What to call it: `answers/03-hset-mapping.md`. */
  file: string;
  /** Absolute: links are relative to it. */
  path: string;
  /** Sentences to show above it. */
  remarks?: readonly string[];
}

/** A link that leads nowhere. */
export interface BrokenLink {
  file: string;
  line: number;
  /** 'the link to "#fields" leads to no heading' */
  what: string;
}

export interface LinkOptions {
  /** Folder that the page is written to, for links to files; absent where files are only looked for. */
  from?: string | undefined;
  /** Whose pictures may be read and embedded: the course's own, never a student's. */
  embed: boolean;
}

const pictures: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
};

/** The id of a heading in the page that all answers share. */
export const idIn = (lab: string, { slug }: Pick<Heading, 'slug'>): string => `${lab}--${slug}`;

/** Looks at the links of a page's answers: files and headings must be there; the web is only listed, never asked. */
export class Links {
  readonly broken: BrokenLink[] = [];
  readonly #web = new Set<string>();
  readonly #slugs: Map<string, Set<string>>;
  readonly #answers: readonly PageAnswer[];
  readonly #options: LinkOptions;

  constructor(answers: readonly PageAnswer[], options: LinkOptions) {
    this.#answers = answers;
    this.#options = options;
    this.#slugs = new Map(
      answers.map(({ lab, markdown }) => [lab, new Set(headingsOf(markdown).map(({ slug }) => slug))]),
    );
  }

  /** Addresses outside, each once, in the order in which they were met. */
  get web(): string[] {
    return [...this.#web];
  }

  /** Where a link of an answer leads in the page; undefined where it is shown as text. */
  target(href: string, { answer, line }: { answer: PageAnswer; line: number }): string | undefined {
    if (/^https?:\/\//i.test(href)) this.#web.add(href);
    if (/^(?:https?:\/\/|mailto:)/i.test(href)) return href;
    const broken = (why: string) => {
      this.broken.push({ file: answer.file, line, what: `the link to "${decoded(href)}" ${why}` });
      return undefined;
    };
    if (/^[a-z][a-z\d+.-]*:|^\//i.test(href))
      return broken('is neither an address of the web nor a file beside the answer');
    const [file, anchor] = decoded(href).split('#') as [string, string | undefined];
    const path = file === '' ? answer.path : resolve(dirname(answer.path), file);
    const other = this.#answers.find((one) => one.path === path);
    if (other) {
      if (!anchor) return `#${other.lab}`;
      if (!this.#slugs.get(other.lab)!.has(anchor)) return broken('leads to no heading');
      return `#${idIn(other.lab, { slug: anchor })}`;
    }
    if (!existsSync(path)) return broken('leads to no file');
    const { from } = this.#options;
    return (
      from && encodeURI(relative(from, path).split(sep).join('/')) + (anchor ? `#${encodeURI(anchor)}` : '')
    );
  }

  /** A picture's bytes as an address, where it may be embedded. */
  picture(src: string, { answer, line }: { answer: PageAnswer; line: number }): string | undefined {
    if (/^https?:\/\//i.test(src)) this.#web.add(src);
    if (/^[a-z][a-z\d+.-]*:|^\//i.test(src) || !this.#options.embed) return undefined;
    const path = resolve(dirname(answer.path), decoded(src));
    const type = pictures[extname(path).toLowerCase()];
    if (type && existsSync(path)) return `data:${type};base64,${readFileSync(path).toString('base64')}`;
    this.broken.push({ file: answer.file, line, what: `the picture "${decoded(src)}" is not there` });
    return undefined;
  }
}

function decoded(href: string): string {
  try {
    return decodeURI(href);
  } catch {
    return href;
  }
}
