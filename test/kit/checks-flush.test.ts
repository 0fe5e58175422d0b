import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';

// Checks also run on a Redis that is not the judge's own (REDIS_URL), in a logical database of theirs: what empties, swaps or
// moves others would take away what somebody else keeps there. test/long/foreign-redis.test.ts runs them all there.
test('no check reaches for a logical database that is not its own', () => {
  const files = ['test', 'test/support'].flatMap((folder) =>
    readdirSync(join(rootFolder(), folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map(({ name }) => join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(10);
  const reaching = files.filter(
    (file) =>
      !file.endsWith('hostile-class.ts') &&
      /\b(flushall|swapdb)\b/i.test(readFileSync(join(rootFolder(), file), 'utf8')),
  );
  expect(reaching).toEqual([]);
});
