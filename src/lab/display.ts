import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { rootFolder } from '../../kit/base/root.ts';

/** One thing to show, in the forms it has. */
export interface Shown {
  /** What a terminal, a screen reader or a plain-text export shows. Always there. */
  text: string;
  /** What a notebook shows; self-contained, escaped, and legible on a light and on a dark page. */
  html?: string;
  /** Further forms by MIME type, such as a Vega-Lite spec. */
  other?: Record<string, unknown>;
}

/** One place on the page or in the terminal whose content is replaced. */
export interface UpdatingDisplay {
  show(content: Shown): void;
  /** Shows the last content; in a terminal it stays, and what comes next begins on a new line. */
  done(content: Shown): void;
}

/** tslab's sender of display messages; it takes a whole MIME bundle, which its public `display` does not. */
type Send = (
  message: { data: Record<string, unknown>; metadata: object; transient: { display_id?: string } },
  update: boolean,
) => void;

/** The kernel's sender, or undefined outside a notebook: found among the loaded modules, never loaded for it. */
function sender(): Send | undefined {
  const { cache, resolve } = createRequire(join(rootFolder(), 'package.json'));
  try {
    const exported = cache[resolve('tslab/dist/jupyter.js')]?.exports as {
      lastWriteDisplayData?: Send | null;
    };
    return exported?.lastWriteDisplayData ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether this process is a notebook's kernel. */
export function inNotebook(): boolean {
  return sender() !== undefined;
}

function bundle({ text, html, other }: Shown): Record<string, unknown> {
  return { 'text/plain': text, ...(html ? { 'text/html': html } : {}), ...other };
}

/**
 * Shows something once: in a notebook in every form, with the plain text beside it, elsewhere as text on stdout.
 *
 * @example display({ text: '2 trips', html: '<b>2</b> trips' });
 */
export function display(content: Shown): void {
  const send = sender();
  if (send) send({ data: bundle(content), metadata: {}, transient: {} }, false);
  else process.stdout.write(`${content.text}\n`);
}

/**
 * A place to show things in turn. In a notebook and in a terminal each replaces the one before; where stdout is a
 * file or a pipe only the last is written.
 *
 * @example const place = updatingDisplay(); place.show({ text: '1 of 2' }); place.done({ text: '2 of 2' });
 */
export function updatingDisplay(): UpdatingDisplay {
  const send = sender();
  if (!send) return terminalDisplay(process.stdout);
  const id = randomUUID();
  let shown = false;
  const show = (content: Shown) => {
    // The sender of the cell that runs now, so that the message has the right parent.
    (sender() ?? send)({ data: bundle(content), metadata: {}, transient: { display_id: id } }, shown);
    shown = true;
  };
  return { show, done: show };
}

/** Rewrites the lines that it wrote last; on anything but a terminal it writes only what is final. */
function terminalDisplay(out: NodeJS.WriteStream): UpdatingDisplay {
  let lines = 0;
  const write = (text: string) => {
    const back = lines > 0 ? `\x1b[${lines}A\r\x1b[0J` : '';
    out.write(`${back}${text}\n`);
    lines = text.split('\n').reduce((sum, line) => sum + linesOf(line, out.columns), 0);
  };
  return {
    show: ({ text }) => {
      if (out.isTTY) write(text);
    },
    done: ({ text }) => {
      write(text);
      lines = 0;
    },
  };
}

/** Lines of the terminal that a line of text takes: a narrow window wraps it. */
function linesOf(line: string, columns = 80): number {
  return Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns));
}
