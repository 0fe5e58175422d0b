// needs: answers
import { describe, expect, test } from 'vitest';
import { inOrder } from '../../../kit/prove/before.ts';
import { contractOf } from '../../../kit/prove/contract.ts';
import { withEntry, withoutEntry, withoutRow, withRow } from '../../../kit/prove/new-lab/course-lists.ts';
import { namesOf } from '../../../kit/prove/new-lab/lab-names.ts';
import { refusalOf } from '../../../kit/prove/new-lab/why-refused.ts';
import { leftIn } from '../../../kit/prove/written.ts';

const entry = (id: string) =>
  `  {\n    id: '${id}',\n    title: 'X',\n    hints: [\n      'y',\n    ],\n    packages: ['ioredis'],\n  },\n`;
const catalog = (...ids: string[]) =>
  `/** The labs. */\nexport const catalog: readonly CatalogEntry[] = [\n${ids.map(entry).join('')}];\n\nexport const after = [];\n`;
const idsOf = (text: string) => [...text.matchAll(/id: '(.+)'/g)].map(([, id]) => id);
const sessions = { id: '02-sessions', title: "The player's sessions", packages: ['ioredis', 'mysql2'] };

describe('an entry of the catalogue', () => {
  test.each([[['01-a', '03-b']], [['01-a']], [['03-b']], [[]]])(
    'goes between those of %j, and away',
    (ids) => {
      const before = catalog(...ids);
      const text = withEntry(before, sessions);
      expect(idsOf(text)).toEqual([...ids, '02-sessions'].sort());
      expect(text).toContain(`title: "The player's sessions",`);
      expect(text).toContain("    hints: [],\n    packages: ['ioredis', 'mysql2'],\n  },\n");
      expect(withoutEntry(text, '02-sessions')).toBe(before);
    },
  );
});

test("a row of README's table goes between its neighbours, and away", () => {
  const readme = '| lab |\n|---|\n| 01 A | q | 1 |\n| 03 B | q | 1 |\n\n| `GET` | 02 |\n';
  const text = withRow(readme, sessions);
  expect(text).toMatch(/\| 01 A .*\n\| 02 The player's sessions \| TODO.* \| 0 \|\n\| 03 B /);
  expect(withoutRow(text, '02-sessions')).toBe(readme);
});

test('names of a lab are names of TypeScript', () => {
  const { name, Contract, slug } = namesOf({ id: '12-rate-limiting', title: 'x' });
  expect([name, Contract, slug]).toEqual(['rateLimiting', 'RateLimiting', 'rate-limiting']);
  expect(namesOf({ id: '12-delete', title: 'x' }).name).toBe('deleteIt');
});

describe('refusalOf()', () => {
  const said = (id: string, title = 'Ping', packages = ['ioredis']) =>
    refusalOf({ id, title, packages }, { filesOf: () => ['src/catalog.ts'].filter(() => id === '98-x') });

  test.each(['7-ping', '99_ping', '99-Ping', '99-', 'ping', '99-ping-', '../99-ping'])('refuses %s', (id) =>
    expect(said(id)).toContain(`"${id}" is no id of a lab`),
  );

  test('refuses what is there, what a runner lacks, and what a table cannot hold', () => {
    expect(said('07-write-through')).toContain('Lab 07-write-through exists');
    expect(said('98-x')).toContain('src/catalog.ts exists already');
    expect(said('99-ping', 'Ping', ['axios'])).toContain('A lab cannot import "axios"');
    for (const title of ['a | b', '', ' a', 'two\nlines', 'a'.repeat(61), '`a`'])
      expect(said('99-ping', title), title).toContain('The title is one line');
    expect(said('99-ping', "The player's sessions: a title")).toBe(undefined);
  });
});

test('leftIn() finds what is to write, and where', () => {
  expect(
    leftIn("a\n/** TODO(author): write it all */\nb: 'TODO(author): say why',\n| x | TODO(author): q | 0 |"),
  ).toEqual([
    'line 2: write it all (it says TODO)',
    'line 3: say why (it says TODO)',
    'line 4: q (it says TODO)',
  ]);
  expect(leftIn("throw new Error('TODO: write ping in labs/99-ping.ts')")).toEqual([]);
});

test('contractOf() finds the interface that the checks are for', () => {
  const imports = "import type { A, WriteThrough } from '../src/contracts/write-through.ts';\n";
  const found = { name: 'WriteThrough', path: 'src/contracts/write-through.ts' };
  expect(contractOf(`${imports}const check = checksOf<WriteThrough>('07-write-through');\n`)).toEqual(found);
  expect(contractOf("const check = checksOf<Own>('99-ping');\n")).toBe(undefined);
});

test('inOrder() takes what has changed first, then what did not hold', () => {
  const parts = ['a', 'b', 'c', 'd'].map((name) => ({ name, hash: name }));
  const before = {
    a: { hash: 'a', held: true },
    b: { hash: 'b', held: false },
    c: { hash: 'before', held: true },
  };
  const names = (some: typeof parts) => some.map(({ name }) => name).join('');
  const { changed, unchanged } = inOrder(parts, before);
  expect([names(changed), names(unchanged)]).toEqual(['cd', 'ba']);
  expect(names(inOrder(parts, {}).unchanged)).toBe('abcd');
});
