// needs: lab 01
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { type CheckoutCopy, copyCheckout } from './support/checkout-copy.ts';

let copy: string;
let lab: CheckoutCopy['lab'];
let remove: CheckoutCopy['remove'];

beforeAll(async () => {
  ({ folder: copy, lab, remove } = await copyCheckout());
});
afterAll(() => remove());

describe('./lab', () => {
  test('lists the labs and names the next command', async () => {
    const { stdout, exitCode } = await lab([]);
    expect(exitCode).toBe(0);
    for (const { id, title } of catalog)
      expect(stdout).toMatch(new RegExp(`${id.slice(0, 2)} {2}${title} +not checked yet`));
    expect(stdout).toContain('./lab 01 walks through it');
  });

  test('hint gives one more each time, then says what is left', async () => {
    const { hints } = catalog[0]!;
    for (const [i, hint] of hints.entries()) {
      const { stdout } = await lab(['hint', '01']);
      expect(stdout).toContain(`${i + 1}. ${hint}`);
      for (const later of hints.slice(i + 1)) expect(stdout).not.toContain(later);
    }
    expect((await lab(['hint', '1'])).stdout).toMatch(/That was the last hint\. .*\.\/lab \w+ 01/);
  });

  test('01 plays every step with the stub, says what is not written, and goes on', async () => {
    const { stdout, exitCode } = await lab(['01', '--all'], { LABS: 'labs' });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(catalog[0]!.question);
    expect(stdout).toMatch(/MySQL +│ +100/);
    expect(stdout).toContain('Not written yet. TODO: write waitForMysql in labs/01-initial-sync.ts.');
    expect(stdout).toContain('5. A second start');
  }, 60_000);

  test('01 plays labs that import a package themselves', async () => {
    await mkdir(join(copy, 'importing'), { recursive: true });
    const code =
      "import { Redis } from 'ioredis';\nexport const waitForMysql = async () => { throw new Error('TODO: ' + Redis.name); };\n";
    await writeFile(join(copy, 'importing/01-initial-sync.ts'), code);
    const { stdout } = await lab(['01', '--all'], { LABS: join(copy, 'importing') });
    expect(stdout).toContain('Not written yet. TODO: Redis');
  }, 60_000);

  test('01 names file, line and text of a syntax error', async () => {
    await mkdir(join(copy, 'broken'), { recursive: true });
    await writeFile(join(copy, 'broken/01-initial-sync.ts'), 'export const a = 1;\nexport const b = {;\n');
    const { stderr, exitCode } = await lab(['01', '--all'], { LABS: join(copy, 'broken') });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('broken/01-initial-sync.ts: Your file does not load.'),
    ]);
    expect(stderr).toContain('Line 2: export const b = {;');
  });

  test('check says a sentence once, however many checks it is true of', async () => {
    const { stdout } = await lab(['check', '01'], { LABS: join(copy, 'broken') });
    expect(stdout.split('Your file does not load').length).toBe(2);
    expect(stdout).toContain('As above.');
  });

  test('says what an unknown command or lab is', async () => {
    expect((await lab(['chekc'])).stderr).toContain("unknown command 'chekc'");
    expect((await lab(['77'])).stderr).toContain('There is no lab "77"');
  });
});
