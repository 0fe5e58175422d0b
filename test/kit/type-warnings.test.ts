import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foreignImport } from '../../kit/judge/types/foreign-import.ts';
import { typeWarningsOf } from '../../kit/judge/types/type-warnings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'type-warnings-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes one file a student, and tells what the compiler says of each. */
async function warningsOf(sources: Record<string, string>): Promise<Record<string, string[]>> {
  const name = '03-hset-mapping.ts';
  const files = Object.entries(sources).map(([student, source]) => {
    mkdirSync(join(folder, student, 'labs'), { recursive: true });
    writeFileSync(join(folder, student, 'labs', name), source);
    return [student, join(folder, student, 'labs', name)] as const;
  });
  const found = await typeWarningsOf(files.map(([, file]) => file));
  return Object.fromEntries(files.map(([student, file]) => [student, found.get(file) ?? []]));
}

const wrong = 'export const price: number = "12.50";\n';
const told = ["TypeScript, line 1: Type 'string' is not assignable to type 'number'."];

describe('what the compiler says of a lab', () => {
  test('names the line, and knows the types of the course, of Node and of the packages', async () => {
    const source = [
      "import { setTimeout as sleep } from 'node:timers/promises';",
      "import type { Redis } from 'ioredis';",
      "import type { Order } from '../src/contracts/order.ts';",
      'export async function one(redis: Redis, order: Order): Promise<number> {',
      '  await sleep(1);',
      '  return redis.get(order.nothing);',
      '}',
    ].join('\n');
    const { ada } = await warningsOf({ ada: source });
    expect(ada).toEqual([
      expect.stringMatching(/line 6: Type 'string \| null' is not assignable to type 'number'/),
      expect.stringMatching(/line 6: Property 'nothing' does not exist on type/),
    ]);
  });

  test('is the same for each of many files, also of the same text', async () => {
    expect(await warningsOf({ ada: wrong, bo: wrong, chi: 'export {};\n' })).toEqual({
      ada: told,
      bo: told,
      chi: [],
    });
  });

  test('shows no file of another: what an import names is not there', async () => {
    const secret = `export type Password = 'swordfish';\n`;
    const paths = [
      '../../neighbour/labs/03-hset-mapping.ts',
      join(folder, 'neighbour/labs/03-hset-mapping.ts'),
    ];
    const spies = paths.map((path, i) => {
      const source = `import type { Password } from ${JSON.stringify(path)};\nexport const a: Password = 1;\n`;
      return [`spy${i}`, source] as const;
    });
    const found = await warningsOf({ neighbour: secret, ...Object.fromEntries(spies) });
    for (const [spy] of spies) {
      expect(found[spy]).toHaveLength(1);
      expect(found[spy]![0]).toMatch(/Cannot find module|was not read/);
      expect(found[spy]![0]).not.toContain('swordfish');
    }
  });

  test('of one file is not changed by what another declares for all', async () => {
    const speaks = 'declare global { interface Array<T> { map(never: never): never } }\nexport {};\n';
    const fine = 'export const twice = (all: number[]) => all.map((one) => 2 * one);\n';
    const { bo } = await warningsOf({ ada: speaks, bo: fine });
    expect(bo).toEqual([]);
  });

  test('ends in bounded time for types that grow without end, and is told of the others', async () => {
    // Each step doubles the type that the compiler must build.
    const grows = [
      'type Grow<N extends number, T extends unknown[] = []> = T["length"] extends N ? T : Grow<N, [...T, T]>;',
      ...Array.from(
        { length: 400 },
        (_, i) => `export type G${i} = Grow<${900 + (i % 90)}, [${i}]>["length"];`,
      ),
      ...Array.from(
        { length: 60 },
        (_, i) => `export type U${i} = \`\${Digit}\${Digit}\${Digit}\${Digit}${i}\`;`,
      ),
      "type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'a' | 'b' | 'c' | 'd' | 'e' | 'f';",
      ...Array.from({ length: 59 }, (_, i) => `export const x${i}: U${i} & U${i + 1} = '0';`),
      'type Both = U0 | U1 | U2 | U3 | U4 | U5 | U6 | U7 | U8 | U9;',
      `export type Cross = \`\${Both}\${Digit}\`;`,
    ].join('\n');
    const { ada, bo } = await warningsOf({ ada: grows, bo: wrong });
    expect(ada!.at(-1)).toMatch(/did not come to an end with this file within 10 s/);
    expect(bo).toEqual(told);
  }, 120_000);
});

describe('foreignImport()', () => {
  test.each([
    ["import type { A } from '../../ada/labs/03-hset-mapping.ts';", '../../ada/labs/03-hset-mapping.ts'],
    ['export type { A } from "/home/ada/a.ts";', '/home/ada/a.ts'],
    ["type A = import('./neighbour').A;", './neighbour'],
    ["import a = require('../answers/a.ts');", '../answers/a.ts'],
    ["import type { A } from '\\x2e./a.ts';", '\\x2e./a.ts'],
    ['/// <reference path="../../ada/labs/a.ts" />', '../../ada/labs/a.ts'],
    ["import type { A } from 'ioredis/../../../a.ts';", 'ioredis/../../../a.ts'],
    ["import type { A } from '../src/contracts/../../answers/a.ts';", '../src/contracts/../../answers/a.ts'],
  ])('finds the path in %s', (source, path) => {
    expect(foreignImport(source)).toBe(path);
  });

  test.each([
    "import type { Order } from '../src/contracts/order.ts';",
    "import '../src/lab/as-command.ts';",
    "import { Redis } from 'ioredis';",
    "import mysql from 'mysql2/promise';",
    "import { createHash } from 'node:crypto';",
  ])('leaves %s alone', (source) => {
    expect(foreignImport(source)).toBeUndefined();
  });
});
