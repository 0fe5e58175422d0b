import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { acceptLowest } from '../../kit/judge/isolation/accept-lowest.ts';
import { findIsolation } from '../../kit/judge/isolation/find.ts';

describe('acceptLowest()', () => {
  test('refuses level 1 where nobody agreed, and says what it does not keep out', async () => {
    const lowest = await findIsolation({ most: 1 });
    const refused = acceptLowest(lowest, { accepted: false, ask: undefined });
    await expect(refused).rejects.toThrow(
      /level 1: Node's permission model.*no wall.*use your network.*--accept-level-1.*Nothing was graded/s,
    );
    await expect(acceptLowest(lowest, { accepted: false, ask: async () => false })).rejects.toThrow(
      'Nothing was graded',
    );
  });

  test('goes on where somebody agreed, and asks nothing at the levels above', async () => {
    const lowest = await findIsolation({ most: 1 });
    const questions: string[] = [];
    const ask = async (question: string) => questions.push(question) > 0;
    await acceptLowest(lowest, { accepted: false, ask });
    expect(questions).toEqual([expect.stringMatching(/Grade at level 1 all the same\?$/)]);
    await acceptLowest(lowest, { accepted: true, ask: undefined });
    await acceptLowest({ level: 2, sentence: 'level 2: a container' }, { accepted: false, ask: undefined });
  });
});

test('./lab grade at level 1 without a terminal grades nothing and leaves nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'storelab-lowest-'));
  try {
    mkdirSync(join(folder, 'class', 'ada'), { recursive: true });
    const { exitCode, stderr } = await execa(
      process.execPath,
      [join(rootFolder(), 'kit/cli.ts'), 'grade', join(folder, 'class')],
      { reject: false, env: { LAB_ISOLATION: '1' }, stdin: 'ignore' },
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Add --accept-level-1')]);
    expect(readdirSync(folder)).toEqual(['class']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
