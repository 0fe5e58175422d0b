import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, types } from 'node:util';
import { refusalSentence, refusedCommand } from '../base/redis-refusal.ts';
import { TypeScriptError } from './problems.ts';
import { firstPlace, innermostPlace } from './trace.ts';

/** An error as Jupyter shows it. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

/**
 * What a notebook shows of `thrown`: its name and message, the lines around the place, and its trace.
 *
 * @param sources the text of cells by name, `Cell [3]`
 */
export function failureOf(thrown: unknown, sources: ReadonlyMap<string, string>, root: string): Failure {
  try {
    return read(thrown, sources, root);
  } catch {
    const evalue = 'Something was thrown whose name, message or trace cannot be read.';
    return { ename: 'Error', evalue, traceback: [evalue] };
  }
}

function read(thrown: unknown, sources: ReadonlyMap<string, string>, root: string): Failure {
  if (!types.isNativeError(thrown) && !(thrown instanceof Error)) {
    const evalue = typeof thrown === 'string' ? thrown : inspect(thrown);
    return { ename: 'Thrown', evalue, traceback: `Thrown: ${evalue}`.split('\n') };
  }
  const ename = String(thrown.name || 'Error');
  const evalue = String(thrown.message);
  if (thrown instanceof TypeScriptError) {
    const first = thrown.problems.find(({ file }) => !file);
    const cell = [...sources.keys()].at(-1);
    const lines = first && cell ? around(sources.get(cell)!, first.line) : [];
    return { ename, evalue, traceback: [...`${ename}: ${evalue}`.split('\n'), ...lines] };
  }
  const command = refusedCommand(thrown);
  const text = command ? String(thrown.stack) : withoutBrackets(inspect(thrown));
  const place = firstPlace(text);
  const source = place && sourceOf(place.name, sources, root);
  const lines = source ? [`${place.name}, line ${place.line}:`, ...around(source, place.line), ''] : [];
  const told = command
    ? refusalSentence({ command, message: evalue }, placeText(innermostPlace(text)))
    : evalue;
  return { ename, evalue: told, traceback: [...lines, ...text.replace(evalue, () => told).split('\n')] };
}

/** A place as a sentence names it: `Cell [3], line 2` or `labs/01-initial-sync.ts:21`. */
function placeText(place: ReturnType<typeof firstPlace>): string {
  if (!place) return '';
  return place.name.startsWith('Cell') ? `${place.name}, line ${place.line}` : `${place.name}:${place.line}`;
}

/** An error without a trace is inspected as `[Interrupted: The cell was interrupted.]`. */
function withoutBrackets(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
}

function sourceOf(name: string, cells: ReadonlyMap<string, string>, root: string): string | undefined {
  if (cells.has(name)) return cells.get(name);
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return undefined;
  }
}

/** The lines around `line`, counted from 1, with an arrow at it. */
function around(source: string, line: number): string[] {
  const lines = source.split('\n');
  const from = Math.max(1, line - 2);
  return lines
    .slice(from - 1, line + 2)
    .map(
      (text, index) =>
        `${from + index === line ? '---->' : '     '} ${String(from + index).padStart(3)} ${text}`,
    );
}
