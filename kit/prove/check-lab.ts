import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import { writeWhole } from '../base/write-whole.ts';
import { biome, compilers, findsNothing } from './check-types.ts';
import type { Claim } from './claim.ts';
import { type Contract, contractOf } from './contract.ts';

/**
 * Types and style of the files of one lab: the stub and the worked answer keep the contract that the checks try them
 * on, and notebooks can import the stub. The answer must have been extracted.
 */
export async function checkLab(id: string): Promise<Claim[]> {
  const contract = contractOf(await readFile(join(rootFolder(), 'test', `${id}.test.ts`), 'utf8'));
  return Promise.all([types(id, contract), kernelTypes(id), style(id, contract)]);
}

/** Its checks, and what only teachers have beside them; solutions in files of their own may be as untidy as a student's. */
const testsOf = (id: string): string[] =>
  [
    `test/${id}.test.ts`,
    `test/hidden/${id}.test.ts`,
    `test/wrong/${id}.ts`,
    `test/sentences/${id}.ts`,
    `test/mutants/${id}.ts`,
  ].filter((path) => existsSync(join(rootFolder(), path)));

async function types(id: string, contract: Contract | undefined): Promise<Claim> {
  const files = [`labs/${id}.ts`, ...testsOf(id)];
  if (!studentsEdition()) files.push(`.answers/${id}.ts`, ...(await keeping(id, contract)));
  const config = await configFor(files, { base: 'tsconfig.json', name: `types-${id}` });
  const found = await findsNothing(`types of ${id} hold with the current TypeScript`, [
    compilers().current,
    '-p',
    config,
  ]);
  return inMarkdown(found, id);
}

/** A file that holds only where stub and answer keep the contract: `[".lab/types-07-write-through.ts"]`. */
async function keeping(id: string, contract: Contract | undefined): Promise<string[]> {
  if (!contract) return [];
  const path = `.lab/types-${id}.ts`;
  const lines = [
    `import type { ${contract.name} } from '../${contract.path}';`,
    `import * as stub from '../labs/${id}.ts';`,
    `import * as answer from '../.answers/${id}.ts';`,
    `stub satisfies ${contract.name};`,
    `answer satisfies ${contract.name};`,
  ];
  await write(path, `${lines.join('\n')}\n`);
  return [path];
}

async function kernelTypes(id: string): Promise<Claim> {
  const { files } = JSON.parse(await readFile(join(rootFolder(), 'tsconfig.kernel.json'), 'utf8'));
  const config = await configFor([...files, `labs/${id}.ts`], {
    base: 'tsconfig.kernel.json',
    name: `types-${id}.kernel`,
  });
  return findsNothing(`types of labs/${id}.ts hold with the TypeScript of the kernel`, [
    compilers().kernel,
    '-p',
    config,
  ]);
}

/** In a students' edition not of `labs/`, which are the student's. */
async function style(id: string, contract: Contract | undefined): Promise<Claim> {
  const files = ['src/catalog.ts', ...testsOf(id), ...(contract ? [contract.path] : [])];
  if (!studentsEdition()) files.push(`labs/${id}.ts`);
  const found = await findsNothing(`style of ${id}: Biome finds nothing`, [
    biome(),
    'check',
    '--colors=off',
    ...files,
  ]);
  if (found.holds) return found;
  return { ...found, detail: `\`npm run fix\` mends what is marked FIXABLE, and format.\n${found.detail}` };
}

/** Writes the compiler's options for these files alone, on top of those of all. */
async function configFor(
  files: readonly string[],
  { base, name }: { base: string; name: string },
): Promise<string> {
  const path = `.lab/${name}.json`;
  const config = { extends: `../${base}`, files: files.map((file) => `../${file}`), include: [] };
  await write(path, `${JSON.stringify(config, null, 2)}\n`);
  return path;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(rootFolder(), '.lab'), { recursive: true });
  await writeWhole(join(rootFolder(), path), text);
}

/** The lines of an extracted answer are those of its Markdown: that is the file to mend. */
const inMarkdown = (claim: Claim, id: string): Claim => ({
  ...claim,
  ...(claim.detail ? { detail: claim.detail.replaceAll(`.answers/${id}.ts`, `answers/${id}.md`) } : {}),
});
