/**
 * A line of ACL LIST as arguments of ACL SETUSER that make the user what the line says, whatever it was before. A selector
 * in parentheses is one argument, although it holds spaces.
 *
 * @example userArguments('user student on #ab12 ~* (~x +get) +@all') // ['student', 'reset', 'on', '#ab12', '~*', '(~x +get)', '+@all']
 */
export function userArguments(line: string): [name: string, ...rules: string[]] {
  const [, name, ...rules] = line.match(/\([^)]*\)|\S+/g) ?? [];
  if (!name) throw new Error(`This is no line of ACL LIST: ${line}`);
  return [name, 'reset', ...rules];
}

/** The line of one user in what ACL LIST answers. @throws Error where there is none. */
export function lineOf(list: readonly string[], name: string): string {
  const line = list.find((one) => one.startsWith(`user ${name} `));
  if (line) return line;
  throw new Error(`Redis has no user ${name}.`);
}
