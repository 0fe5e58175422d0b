/** What takes the place of `module.exports`, to a student. */
const INSTEAD = 'Write `export` before each function in its place: `export async function ...`.';

/** What to say of `require('node:crypto')`. */
export const requireSentence = (path: string): string =>
  `A lab file is an ES module, which has no \`require\`. Write \`import ... from '${path}'\` in its place, at the top of the file.`;

/** What to say of a file whose one export is `default`. */
export const defaultSentence = `\`export default\` gives no function a name that a check can call. ${INSTEAD}`;

const assigned = /^\s*(export\s*=|module\.exports\b|exports\b)/;

/**
 * What to say of a file that exports as CommonJS does, or as TypeScript's `export =`: the first such line.
 *
 * @example commonjsAt('module.exports = { a };') // { line: 1, text: 'module.exports = { a };', message: '`module.exports` …' }
 */
export function commonjsAt(source: string): { message: string; line?: number; text?: string } {
  const lines = source.split('\n');
  const at = lines.findIndex((line) => assigned.test(line));
  const [, found] = assigned.exec(lines[at] ?? '') ?? [];
  const what = !found
    ? 'module.exports'
    : found.startsWith('export ')
      ? 'export ='
      : found.replace(/\s*=$/, ' =');
  return {
    message: `\`${what}\` exports nothing from a lab file, which is an ES module. ${INSTEAD}`,
    ...(at >= 0 ? { line: at + 1, text: lines[at]! } : {}),
  };
}

/** Whether a line assigns to what CommonJS exports. */
export const assignsExports = (line: string): boolean => assigned.test(line);
