/**
 * The students' README, out of the whole kit's. Between `<!-- teachers -->` and `<!-- /teachers -->`, and on a line
 * that holds `<!-- teachers -->` beside other text, stands what students do not need; between `<!-- students` and
 * `-->`, which nobody sees in the whole kit's, what only they need. What stands between `<!-- labs 06 07 -->` and
 * `<!-- /labs -->` goes where the edition holds none of them, and so do the rows of other labs.
 *
 * @param labs the ids that the edition holds
 */
export function studentsReadme(text: string, labs: readonly string[]): string {
  const numbers = labs.map((id) => id.slice(0, 2));
  return text
    .replaceAll(/^<!-- teachers -->\n[\s\S]*?^<!-- \/teachers -->\n/gm, '')
    .replaceAll(/^<!-- students\n([\s\S]*?)^-->\n/gm, '$1')
    .replaceAll(
      /^<!-- labs ([\d ]+) -->\n([\s\S]*?)^<!-- \/labs -->\n/gm,
      (_, needed: string, part: string) =>
        needed.split(' ').some((number) => numbers.includes(number)) ? part : '',
    )
    .split('\n')
    .filter((line) => !line.includes('<!-- teachers -->'))
    .filter((line) => {
      const row = /^\| (\d\d) /.exec(line)?.[1];
      return row === undefined || numbers.includes(row);
    })
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll('01-initial-sync', labs[0]!)
    .replaceAll(/(check\(')01|(\.\/lab (?:\w+ )?)01/g, (_, call, command) => (call ?? command) + numbers[0]);
}
