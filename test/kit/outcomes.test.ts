// needs: answers, lab 01
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import type { LabResult } from '../../kit/judge/result.ts';

describe('check()', () => {
  test('has five outcomes and never mixes them', { timeout: 240_000 }, async () => {
    const script = join(rootFolder(), 'test/kit/support/run-outcomes.ts');
    const { stdout } = await execa(process.execPath, [script], { cwd: rootFolder() });
    const { checks } = JSON.parse(stdout.split('\n').at(-1)!) as LabResult;
    const seen = checks.map(({ id, outcome, points, maxPoints }) => [id, outcome, points, maxPoints]);
    expect(seen).toEqual([
      ['passes', 'passed', 1, 1],
      ['fails', 'failed', 0, 2],
      ['holds undisturbed', 'passed', 1, 1],
      ['fails undisturbed', 'not reached', 0, 2],
      ['cannot', 'not gradable', 0, 3],
      ['recovers', 'passed', 4, 4],
      ['broken', 'infrastructure error', 0, 5],
      ['stumbles', 'infrastructure error', 0, 7],
      ['stumbles later', 'infrastructure error', 0, 8],
      ['fails inside', 'failed', 0, 9],
      ['finds another type', 'failed', 0, 10],
      ['own redis', 'infrastructure error', 0, 11],
      ['own mysql', 'infrastructure error', 0, 12],
      ['own later', 'infrastructure error', 0, 13],
      ['after', 'passed', 6, 6],
    ]);
    const of = (id: string) => checks.find((result) => result.id === id)!;
    expect(of('cannot').sentence).toContain('Redis 7.0 has no HEXPIRE');
    expect(of('fails undisturbed').sentence).toBe(
      'This fails already without a crash: see passes. It was one',
    );
    for (const id of ['fails', 'fails inside'])
      expect([of(id).sentence, of(id).expected, of(id).got]).toEqual(['It was one', '2', '1']);
    for (const id of ['stumbles', 'stumbles later'])
      expect(of(id).sentence).toMatch(
        new RegExp(
          `^Check ${id} has an error of its own: TypeError: .* \\(test/kit/support/outcomes.check.ts:\\d+\\). This is the course's mistake, not yours`,
        ),
      );
    for (const id of ['own redis', 'own later'])
      expect(of(id).sentence).toMatch(/^The judge's own NO-SUCH-COMMAND failed: ERR unknown command/);
    expect(of('own mysql').sentence).toMatch(/^The judge's own SELECT failed: Table .* doesn't exist/);
    expect(of('finds another type').sentence).toContain("HGETALL 'order:1' and Redis answered WRONGTYPE");
  });
});
