// needs: answers, lab 01
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusedCommand } from '../../kit/base/redis-refusal.ts';
import { rootFolder } from '../../kit/base/root.ts';
import { failureOf } from '../../kit/kernel/cell-failure.ts';

const root = rootFolder();
const code = `import type { LabContext } from '../src/lab/context.ts';

export async function waitForMysql({ redis }: LabContext) {
  await redis.set('demo:t', 'x');
  return await redis.hgetall('demo:t');
}
export async function syncAllOrdersToRedis({ redis }: LabContext) {
  await redis.set('demo:t', 'x');
  return redis.eval("return redis.call('HGETALL', KEYS[1])", 1, 'demo:t');
}
export async function startStoreManager({ redis }: LabContext) {
  throw new Error('not this one');
}
`;

let folder: string;
beforeAll(async () => {
  await mkdir(join(root, '.lab'), { recursive: true });
  folder = await mkdtemp(join(root, '.lab', 'refusal-'));
  await writeFile(join(folder, '01-initial-sync.ts'), code);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const lab = (args: string[]) =>
  execa(process.execPath, [join(root, 'kit/cli.ts'), ...args], {
    cwd: root,
    env: { LABS: folder, LAB_SERVERS: 'local', NO_COLOR: '1' },
    reject: false,
    all: true,
  });

describe('a command that Redis refuses', () => {
  test('is named with its line in a check, and so is a script', async () => {
    const { stdout } = await lab(['check', '01', '--json']);
    const { checks } = JSON.parse(stdout).labs[0] as {
      checks: { id: string; sentence: string; line: number }[];
    };
    const of = (id: string) => checks.find((check) => check.id === id)!;
    expect(of('01.wait.first').sentence).toMatch(/^Redis refused HGETALL demo:t at .*:5: WRONGTYPE /);
    expect(of('01.sync.exact').sentence).toMatch(
      /^Redis refused EVAL return redis\.call\('HGETALL', KEYS\[1\]\) 1 demo:t at .*:9: WRONGTYPE .*user_script:1/,
    );
    expect(of('01.wait.first').line).toBe(5);
  });

  test('is named with its line by ./lab 01', async () => {
    const { all, exitCode } = await lab(['01', '--all']);
    expect(all).toMatch(/Redis refused HGETALL demo:t at \S*01-initial-sync\.ts:5: WRONGTYPE /);
    expect(exitCode).toBe(1);
  });

  test('is shown on one line, long values by their beginning', () => {
    const error = (name: string, args: unknown[]) =>
      Object.assign(new Error('no'), { name: 'ReplyError', command: { name, args } });
    expect(refusedCommand(error('set', ['a\nb', Buffer.from('x'), '', 'more']))).toBe("SET a b x '' …");
    expect(refusedCommand(error('get', ['y'.repeat(100)]))).toBe(`GET ${'y'.repeat(40)}…`);
    expect(refusedCommand(Object.assign(new Error('no'), { name: 'ReplyError' }))).toContain('MULTI');
    expect(refusedCommand(new Error('other'))).toBeUndefined();
  });

  test('is named with its line in a notebook', () => {
    const error = Object.assign(new Error('WRONGTYPE no'), {
      name: 'ReplyError',
      command: { name: 'hgetall', args: ['demo:t'] },
      stack:
        'ReplyError: WRONGTYPE no\n    at async waitForMysql (labs/01-initial-sync.ts:5:10)\n    at Cell [3], line 2',
    });
    expect(failureOf(error, new Map(), root).evalue).toBe(
      'Redis refused HGETALL demo:t at labs/01-initial-sync.ts:5: WRONGTYPE no',
    );
    error.stack = error.stack.replace(/\n.*labs.*/, '');
    expect(failureOf(error, new Map(), root).evalue).toBe(
      'Redis refused HGETALL demo:t at Cell [3], line 2: WRONGTYPE no',
    );
  });
});
