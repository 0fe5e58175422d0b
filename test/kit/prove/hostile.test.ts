// needs: answers
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostileSubmissions } from '../../../kit/prove/kept/hostile.ts';

test('hostileSubmissions() finds at least 30, each with what it tries and what must come of it', () => {
  const found = hostileSubmissions();
  expect(found.length).toBeGreaterThanOrEqual(30);
  expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
  const passwd = found.find(({ name }) => name.endsWith('read-passwd'));
  expect(passwd).toMatchObject({ lab: '03-hset-mapping', earns: 0, tries: 'reading /etc/passwd' });
  expect('Your code tried to read a file that is not its own.').toMatch(passwd!.told);
});

test('hostileSubmissions() refuses one that does not say what it tries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
  try {
    writeFileSync(join(folder, '01-silent.ts'), '// lab: 03\nexport {};\n');
    expect(() => hostileSubmissions(folder)).toThrow(/01-silent\.ts must begin with lines "\/\/ tries:"/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
