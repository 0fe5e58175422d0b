import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { rootFolder } from '../base/root.ts';
import { labsNamed } from '../judge/labs-named.ts';
import { type Released, release } from '../release/release.ts';

/** `./lab release OUT`: writes the students' edition, which holds no worked answer. */
export function register(program: Command): void {
  program
    .command('release')
    .description("write the students' edition into a new or empty folder: ./lab release ../storelab-students")
    .argument('<out>')
    .option('--include <labs>', 'a part only: 01-05, or 01,03')
    .option('--commit <name>', 'make it from this commit', 'HEAD')
    .addHelpText('after', '\nIt is made from the commit: what is not committed is not in it.')
    .action(async (out: string, { include, commit }: { include?: string; commit: string }) => {
      const { resolve } = await import('node:path');
      const from = process.env.INIT_CWD ?? process.cwd();
      const released = await release(resolve(from, out), {
        root: rootFolder(),
        labs: labsNamed(include),
        commit,
      });
      console.log(said(released, out));
    });
}

function said({ edition, changed, leftOut, files }: Released, out: string): string {
  const table = new Table({ head: ['left out', 'files'], style: { head: [], border: [] } });
  for (const [what, paths] of leftOut) table.push([what, { content: String(paths.length), hAlign: 'right' }]);
  const numbers = edition.labs.map((id) => id.slice(0, 2)).join(', ');
  const lines = [
    `\n${pc.bold(`The students' edition is in ${out}`)}: ${files} files, labs ${numbers}, commit ${edition.commit.slice(0, 10)}.\n`,
    table.toString(),
    '\nEach worked answer became a template. No line of a solution, no output of a notebook and no history is in it.',
    `To prove that it works: cd ${out} && npm test`,
  ];
  if (changed.length > 0) {
    const some = changed.slice(0, 5).join(', ') + (changed.length > 5 ? ', ...' : '');
    lines.push(
      pc.yellow(
        `\n${changed.length} file(s) here differ from the commit, and are not in it as they are now: ${some}`,
      ),
    );
  }
  return lines.join('\n');
}
