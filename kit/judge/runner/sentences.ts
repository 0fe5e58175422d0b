import { basename } from 'node:path';
import { isTodo } from '../../base/is-todo.ts';
import { refusalSentence } from '../../base/redis-refusal.ts';
import { shownName } from '../submission.ts';
import { defaultSentence } from './commonjs.ts';
import type { PlainError } from './protocol.ts';
import { saidOf } from './reasons.ts';
import { lineInStack, StudentError } from './student-error.ts';

/** How the end of a runner's process reads. */
export function processEnded(
  { code, signal, output }: { code: number | null; signal: NodeJS.Signals | null; output: string },
  heapMb: number,
): StudentError {
  const sentence = /heap out of memory|heap limit/i.test(output)
    ? `Your code needed more than ${heapMb} MB of memory and was ended.`
    : signal
      ? `The process that ran your code was ended by ${signal}.`
      : `Your code ended its own process (exit code ${code}). A lab must not call process.exit().`;
  return new StudentError('process ended', sentence);
}

/** What to say of a name that is not an exported function; `kind` is what it is instead, where it is anything. */
export function missingExport(name: string, exports: Record<string, string>): StudentError {
  const kind = Object.hasOwn(exports, name) ? exports[name] : undefined;
  const there = Object.keys(exports).join(', ') || 'nothing';
  const what = kind ? `exports \`${name}\` as ${kind}, not as a function` : `does not export \`${name}\``;
  const advice = there === 'default' ? defaultSentence : 'Keep the names and signatures of the lab.';
  return new StudentError('missing export', `The file ${what}. It exports: ${there}. ${advice}`);
}

/** What Node's permission model, or `dropRights()`, keeps a student's code from. */
const forbidden: Record<string, string> = {
  'fs-read': 'read a file that is not its own',
  'fs-write': 'write a file',
  'child-process': 'start another process',
  worker: 'start a thread',
  addons: 'load machine code',
  kill: 'end another process',
};

/** What was tried, of the message of an ERR_ACCESS_DENIED: it names the right that would allow it. */
function denied({ code, message }: PlainError, at: string): string | undefined {
  if (code === 'ERR_DLOPEN_DISABLED')
    return denied({ name: '', code: 'ERR_ACCESS_DENIED', message: '--allow-addons' }, at);
  if (code !== 'ERR_ACCESS_DENIED') return undefined;
  const right = /--allow-([a-z-]+)/.exec(message)?.[1] ?? '';
  const what = Object.hasOwn(forbidden, right) ? forbidden[right] : 'do what a lab may not';
  return `Your code tried to ${what}${at}. While a lab is checked, its code may use Redis and MySQL, and nothing else of this machine.`;
}

/** A server of the student's own choice cannot be reached: of the judge's there is a path, and no port. */
const elsewhere = ({ code, message }: PlainError): string =>
  /^(?:ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)$/.test(code ?? '') &&
  !message.includes('.sock')
    ? '. Nothing answers there while a lab is checked: use the `redis` and the `mysql` that your function is given.'
    : '';

/** What is told of a value that cannot leave the sandbox: `encode()` says which it is, and where in it. */
const notPlain = ({ code, message }: PlainError): string | undefined =>
  code === 'NOT_PLAIN_DATA'
    ? `Your code gave back what cannot be compared: ${message}. The functions of a lab give back plain data: texts, numbers, true or false, null, dates, and lists or objects of these.`
    : undefined;

/** What a sandbox sends is bounded again here, where it is read. */
const MAX_COMMAND_CHARS = 200;

/** A place as a sentence names it: `labs/01-initial-sync.ts:21`; of a file from elsewhere the name alone. */
const placeIn = (source: string, line: number | undefined): string =>
  line ? `${shownName(source, basename(source, '.ts'))}:${line}` : '';

/** An error that the runner sent, as a sentence with the line of the student's file. */
export function thrownThere(
  trouble: 'throw' | 'cannot load' | 'stray',
  error: PlainError,
  source: string,
): StudentError {
  const plain: PlainError = { ...error, name: String(error?.name), message: String(error?.message) };
  const line = lineInStack(typeof plain.stack === 'string' ? plain.stack : undefined, source);
  const at = line ? ` on line ${line}` : '';
  const command = typeof plain.refused === 'string' ? plain.refused.slice(0, MAX_COMMAND_CHARS) : undefined;
  if (command !== undefined && trouble === 'throw') {
    const sentence = refusalSentence({ command, message: plain.message }, placeIn(source, line));
    return new StudentError(trouble, sentence, { error: plain, ...(line ? { line } : {}) });
  }
  const said = saidOf(plain);
  const todo = trouble === 'throw' && isTodo(plain);
  const sentences = {
    throw: todo ? `Not written yet. ${plain.message}` : `Your code threw${at}: ${said}${elsewhere(plain)}`,
    'cannot load': `Your file threw${at} while it was loaded: ${said}`,
    stray: `A promise was rejected${at} and nobody awaited it: ${said}. Is an \`await\` missing?`,
  };
  return new StudentError(trouble, denied(plain, at) ?? notPlain(plain) ?? sentences[trouble], {
    error: plain,
    ...(line ? { line } : {}),
  });
}
