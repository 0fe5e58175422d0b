// needs: answers
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { runAsOneself } from '../../kit/commands/run-as-oneself.ts';
import { findSubmission } from '../../kit/judge/submission.ts';

const nobody = { trusted: false, ask: undefined };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'storelab-others-'));
  for (const lab of ['01-initial-sync', '03-hset-mapping'])
    writeFileSync(join(folder, `${lab}.ts`), "throw new Error('it ran');\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('runAsOneself()', () => {
  test('lets one’s own labs and the worked answers run', async () => {
    await runAsOneself(findSubmission('labs'), nobody);
    await runAsOneself(findSubmission('answers'), nobody);
    await runAsOneself({ name: 'kept', path: join(rootFolder(), '.lab', 'wrong') }, nobody);
  });

  test('runs what lies elsewhere only after a yes', async () => {
    const others = findSubmission(folder);
    await expect(runAsOneself(others, nobody)).rejects.toThrow(
      /outside of the sandbox.*--trust.*\.\/lab check/s,
    );
    await expect(runAsOneself(others, { trusted: false, ask: async () => false })).rejects.toThrow('--trust');
    await runAsOneself(others, { trusted: false, ask: async () => true });
    await runAsOneself(others, { trusted: true, ask: undefined });
  });
});

test.each([
  ['01', '--all'],
  ['serve', 'store', '--port', '0'],
])('./lab %s %s runs nothing of another’s unasked', async (...words) => {
  const { exitCode, stderr } = await execa(process.execPath, [join(rootFolder(), 'kit/cli.ts'), ...words], {
    env: { LABS: folder, LAB_SERVERS: 'local', NO_COLOR: '1' },
    stdin: 'ignore',
    reject: false,
  });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Add --trust')]);
  expect(stderr).not.toContain('it ran');
});
