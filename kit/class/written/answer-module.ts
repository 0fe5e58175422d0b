import { transform } from 'esbuild';
import { type Fence, fencesOf, type Part, partsOf } from './code-fences.ts';

export interface AnswerModule {
  /** The module, each line on the line that it has in the Markdown. Absent where none of the lab's functions is whole. */
  code?: string;
  /** Functions of the lab that it defines. */
  defines: string[];
  /** Sentences for the student: none of them costs anything. */
  remarks: string[];
}

interface Read extends Fence {
  parts: Part[];
}

/**
 * The module that the TypeScript fences of an answer form, where they define functions of the lab. An explanation may
 * show whatever it needs: fragments and examples of use stay out of the module, of two versions of a function the last
 * one counts, and a function without `export` is exported.
 */
export async function answerModule(markdown: string, functions: readonly string[]): Promise<AnswerModule> {
  const fences = fencesOf(markdown);
  const read = fences.map((fence) => ({ ...fence, parts: partsOf(fence) }));
  const whole = read.filter((fence): fence is Read => fence.parts !== undefined);
  const names = (part: Part) => (part.kind === 'declaration' ? part.names : []);
  const given = new Set(whole.flatMap(({ parts }) => parts.flatMap(names)));
  const defines = functions.filter((name) => given.has(name));
  const remarks = fences.flatMap((fence) => partly(fence, { functions, whole }));
  if (defines.length === 0) return { defines, remarks };
  const isNeeded = ({ parts }: Read) =>
    parts.every(({ kind }) => kind !== 'action') ||
    parts.flatMap(names).some((name) => functions.includes(name));
  const code = written(whole.filter(isNeeded), defines);
  const problem = await transform(code, { loader: 'ts', logLevel: 'silent' }).then(
    () => undefined,
    ({ errors: [first] }: { errors: { text: string; location: { line: number } | null }[] }) =>
      `line ${first?.location?.line}: ${first?.text}`,
  );
  if (!problem) return { code, defines, remarks };
  const sentence = `The ts blocks do not form one module (${problem}), so the checks were not asked about them; that costs nothing.`;
  return { defines: [], remarks: [...remarks, sentence] };
}

/** A sentence where a fragment begins to define one of the functions. */
function partly(
  fence: Fence,
  { functions, whole }: { functions: readonly string[]; whole: Read[] },
): string[] {
  if (whole.some(({ line }) => line === fence.line)) return [];
  const name = functions.find((one) => new RegExp(`\\b(?:function|const|let)\\s+${one}\\b`).test(fence.code));
  if (!name) return [];
  return [
    `The code at line ${fence.line + 1} shows ${name} in part, which is fine for an explanation: the checks were not asked about it.`,
  ];
}

function written(fences: Read[], defines: readonly string[]): string {
  const lines: string[] = [];
  const exported = new Set<string>();
  const imports = new Set<string>();
  // Of several definitions the last counts.
  const last = new Map(
    fences.flatMap((fence, index) => fence.parts.flatMap(declared).map((name) => [name, index])),
  );
  for (const [index, { code, line, parts }] of fences.entries()) {
    const isAgain = (part: Part): boolean =>
      part.names.length > 0 &&
      (part.kind === 'import'
        ? part.names.every((name) => imports.has(name))
        : part.names.every((name) => last.get(name)! > index));
    const out = parts.filter((part) => part.kind === 'action' || isAgain(part));
    for (const part of parts) {
      for (const name of imported(part)) imports.add(name);
      if (part.exported && !out.includes(part)) for (const name of part.names) exported.add(name);
    }
    while (lines.length < line) lines.push('');
    lines.push(...out.reduce(blanked, code).split('\n'));
  }
  const missing = defines.filter((name) => !exported.has(name) && !exportsByList(fences, name));
  if (missing.length > 0) lines.push(`export { ${missing.join(', ')} };`);
  return `${lines.join('\n')}\n`;
}

const declared = ({ kind, names }: Part): string[] => (kind === 'declaration' ? names : []);
const imported = ({ kind, names }: Part): string[] => (kind === 'import' ? names : []);

/** `export { a, b };` somewhere. */
const exportsByList = (fences: Read[], name: string): boolean =>
  fences.some(({ code }) => new RegExp(`export\\s*\\{[^}]*\\b${name}\\b[^}]*\\}`).test(code));

const blanked = (text: string, { from, to }: Part): string =>
  text.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, ' ') + text.slice(to);
