import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const lab = `/** Lab 99: Ping. Fill in the function, then run \`./lab check 99\`. */

import type { Ping } from '../src/contracts/ping.ts';
import type { LabContext } from '../src/lab/context.ts';
import type { Step } from '../src/lab/steps.ts';

/** Asks Redis whether it answers, in one round trip, and resolves to its reply. */
export async function ping({ redis }: Pick<LabContext, 'redis'>): Promise<string> {
  throw new Error('TODO: write ping in labs/99-ping.ts');
}

/** The story that \`./lab 99\` plays in the terminal, on the live servers. */
export const steps: Step<Ping>[] = [
  {
    title: 'One question',
    text: 'Your function asks Redis whether it answers. How many round trips?',
    async run({ yours, wire, say }) {
      say(await wire((tapped) => yours.ping(tapped)));
    },
  },
];
`;

const contract = `import type { LabContext } from '../lab/context.ts';

/** What lab 99 implements. */
export interface Ping {
  /** Asks Redis whether it answers: \`await ping({ redis }) // 'PONG'\`. */
  ping(ctx: Pick<LabContext, 'redis'>): Promise<string>;
}
`;

const checks = `import { checksOf } from '../src/checks.ts';
import type { Ping } from '../src/contracts/ping.ts';

const check = checksOf<Ping>('99-ping');

check('99.ping.reply', 'ping() resolves to the reply of Redis', 1, async ({ lab, expect }) => {
  expect(await lab.ping(), 'Redis replies PONG, in capital letters: give it back as it comes').toBe('PONG');
});
`;

const answer = `# 99 Ping

> How do you know that Redis answers?

## Answer

Ask it: \`PING\` reads no key, and its reply is the word \`PONG\`.

\`\`\`ts
import type { LabContext } from '../src/lab/context.ts';

export async function ping({ redis }: Pick<LabContext, 'redis'>): Promise<string> {
  return redis.ping();
}
\`\`\`
`;

const wrong = `import type { WrongSolutions } from '../../kit/prove/kept/wrong-solutions.ts';

export const wrong: WrongSolutions = {
  base: 'answers/99-ping.md',
  solutions: [
    {
      name: 'lower-case',
      fails: ['99.ping.reply'],
      why: 'It gives back another text than Redis did.',
      edits: [['redis.ping()', "'pong'"]],
    },
  ],
};
`;

const sentences = `import type { Sentences } from '../../kit/prove/sentences.ts';

export const sentences: Sentences = [
  { says: 'It resolves to what Redis replies.', checks: ['99.ping.reply'], broken: ['lower-case'] },
];
`;

const cells: [kind: 'markdown' | 'code', source: string][] = [
  ['markdown', '# Lab 99: Ping\n\n> How do you know that Redis answers?'],
  ['code', "import { open, wire, attempt, check } from './src/index.ts';\n\nconst lab = await open();"],
  [
    'code',
    "import * as mine from './labs/99-ping.ts';\n\nawait attempt(async () => {\n  await wire((tapped) => mine.ping(tapped), { title: 'Yours' });\n});",
  ],
  ['code', "await check('99');"],
];

/** Writes lab 99 into the files that `./lab new 99-ping "Ping"` made below `folder`. */
export async function writePingLab(folder: string): Promise<void> {
  const notebook = JSON.parse(await readFile(join(folder, 'notebooks/99-ping.ipynb'), 'utf8'));
  notebook.cells = cells.map(([cell_type, source], i) => ({
    cell_type,
    id: `c0${i + 1}`,
    metadata: {},
    source: [source],
    ...(cell_type === 'code' ? { execution_count: null, outputs: [] } : {}),
  }));
  const files = {
    'labs/99-ping.ts': lab,
    'src/contracts/ping.ts': contract,
    'test/99-ping.test.ts': checks,
    'answers/99-ping.md': answer,
    'test/wrong/99-ping.ts': wrong,
    'test/sentences/99-ping.ts': sentences,
    'notebooks/99-ping.ipynb': `${JSON.stringify(notebook, null, 1)}\n`,
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  const hint = 'ioredis has a method for each command, in small letters.';
  await change(join(folder, 'src/catalog.ts'), [
    [/'TODO\(author\).*'/, "'How do you know that Redis answers?'"],
    [/hints: \[\]/, `hints: ['${hint}']`],
  ]);
  await change(join(folder, 'README.md'), [[/TODO\(author\).* \| 0 \|/, 'How do you know that? | 1 |']]);
}

/** Edits a file; each pattern must be there. */
export async function change(path: string, edits: readonly [pattern: RegExp, text: string][]): Promise<void> {
  let text = await readFile(path, 'utf8');
  for (const [pattern, replacement] of edits) {
    if (!pattern.test(text)) throw new Error(`${path} does not hold ${pattern}.`);
    text = text.replace(pattern, replacement);
  }
  await writeFile(path, text);
}
