/**
 * Ids of the checks in the text of a check file that call one of these functions, themselves or through functions of
 * the same file.
 *
 * @example checksCalling(text, ['withoutRights']) // ['04.delete.errors']
 */
export function checksCalling(text: string, names: readonly string[]): string[] {
  const statements = text.split(/\n(?=\S)/).reduce<string[]>((all, part) => {
    // A line that closes what stands before it belongs to it.
    if (/^[)}\]]/.test(part) && all.length > 0) all[all.length - 1] += `\n${part}`;
    else all.push(part);
    return all;
  }, []);
  const calls = (statement: string) =>
    [...wanted].some((name) => new RegExp(`\\b${name}\\b`).test(statement.replace(/^.*?[({]/s, '')));
  const wanted = new Set(names);
  for (let known = 0; known < wanted.size; ) {
    known = wanted.size;
    for (const statement of statements) {
      const own = /^(?:export )?(?:async )?(?:function|const) (\w+)/.exec(statement)?.[1];
      if (own && calls(statement)) wanted.add(own);
    }
  }
  return statements.flatMap((statement) => {
    const id = /^\w+\(\s*'(\d\d\.[\w.-]+)'/.exec(statement)?.[1];
    return id && calls(statement) ? [id] : [];
  });
}
