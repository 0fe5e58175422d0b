/**
 * What a file needs beside the kit itself, as its first line says: `answers` (worked answers, kept solutions, what
 * only teachers run) or `lab NN`. A students' edition leaves a file out whose needs it does not hold.
 *
 * @example needsOf('// needs: answers, lab 01\nimport ...') // ['answers', 'lab 01']
 */
export function needsOf(text: string): string[] {
  const line = /^\/\/ needs: (\S.*)/.exec(text)?.[1];
  return line ? line.split(',').map((need) => need.trim()) : [];
}

/** The first need that an edition of these labs does not hold. */
export function unmetNeed(text: string, labs: readonly string[]): string | undefined {
  return needsOf(text).find((need) => {
    const number = /^lab (\d\d)$/.exec(need)?.[1];
    if (number === undefined && need !== 'answers')
      throw new Error(`"// needs: ${need}" means nothing to a release: write answers, or lab 01.`);
    return number === undefined || !labs.some((id) => id.startsWith(`${number}-`));
  });
}
