import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { storeSql } from '../../src/worlds/store/sql-file.ts';

it('docker/initdb/01-store.sql is what `./lab data --sql` prints', () => {
  const file = readFileSync(join(rootFolder(), 'docker', 'initdb', '01-store.sql'), 'utf8');
  expect(file === storeSql(), 'run `./lab data --sql > docker/initdb/01-store.sql`').toBe(true);
});
