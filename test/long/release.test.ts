// needs: answers
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../kit/base/root.ts';
import { labsNamed } from '../../kit/judge/labs-named.ts';
import { release } from '../../kit/release/release.ts';

const root = rootFolder();
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'storelab-release-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

describe("a students' edition", () => {
  for (const include of [undefined, '01-02']) {
    it(`passes its own npm test: ${include ?? 'every lab'}`, async () => {
      const folder = join(place, include ?? 'whole');
      const labs = labsNamed(include);
      await release(folder, { root, labs });
      // The packages are the same, which `npm ci` would take minutes to fetch.
      for (const made of ['node_modules', '.venv']) await symlink(join(root, made), join(folder, made));
      const { LABS: _, VITEST: __, ...env } = process.env;
      const { stdout, exitCode } = await execa('npm', ['test'], {
        cwd: folder,
        env: { ...env, LAB_SERVERS: 'local', NO_COLOR: '1', STORELAB_ROOT: folder },
        extendEnv: false,
        reject: false,
      });
      const failed = stdout.split('\n').filter((line) => /^ *(✗|×|FAIL)/.test(line));
      expect(failed).toEqual([]);
      expect(exitCode, stdout.slice(-2000)).toBe(0);
      for (const { id } of labs) {
        expect(stdout).toContain(`✓ labs/${id}.ts, the stub, scores nothing`);
        expect(stdout).toContain(`✓ notebooks/${id}.ipynb runs with the stub`);
      }
      expect(stdout).toContain("This is the students' edition");
      const { passed, failed: none } = JSON.parse(
        await readFile(join(folder, '.lab/test-result.json'), 'utf8'),
      );
      expect([passed > 100, none]).toEqual([true, 0]);
    }, 900_000);
  }
});
