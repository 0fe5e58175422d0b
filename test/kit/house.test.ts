import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Import } from '../../kit/base/imports-of.ts';
import { rootFolder } from '../../kit/base/root.ts';
import { circlesOf, filesBelow, importsBetween } from './support/imports.ts';

/** Everything: `kit/{commands,prove,release,setup}` and `kit/cli.ts`, which nothing imports in turn. */
const ANYTHING = '';

/**
 * Who may import whom, the house from the bottom up. A room is a folder or a file, and the longest that fits counts.
 * What stands behind it are beginnings of paths; `types:` before one allows its types alone. Inside a room everything
 * may import everything, but for circles.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'kit/base': [],
  'kit/servers': ['kit/base'],
  'kit/tap': ['kit/base', 'types:kit/servers'],
  'kit/judge': ['kit/base', 'kit/servers', 'kit/tap', 'src/catalog.ts', 'src/worlds/index.ts'],
  'kit/class': ['kit/base', 'kit/servers', 'kit/judge', 'src/catalog.ts'],
  'kit/kernel': ['kit/base'],
  'src/catalog.ts': [],
  'src/contracts': ['types:src/lab/context.ts'],
  'src/worlds': ['kit/base', 'kit/servers', 'types:src/catalog.ts', 'types:src/contracts'],
  'src/cache': ['kit/base', 'kit/servers', 'types:src/contracts'],
  'src/lab': [
    'kit/base',
    'kit/servers',
    'kit/tap',
    'kit/judge/result.ts',
    'src/catalog.ts',
    'src/worlds',
    'types:src/cache',
  ],
  'src/checks.ts': ['kit/judge', 'src/catalog.ts'],
  'src/index.ts': ['src/lab', 'types:src/contracts', 'src/worlds'],
  'apps/shared': ['kit/base', 'kit/servers', 'src'],
  'apps/store': ['apps/shared', 'kit/base', 'kit/servers', 'src'],
  'apps/market': ['apps/shared', 'kit/base', 'kit/servers', 'src'],
  'apps/index.ts': ['apps/shared', 'apps/store', 'apps/market'],
  'apps/load-labs.ts': ['apps/shared', 'kit/judge', 'src/catalog.ts'],
  'kit/setup': [ANYTHING],
  'kit/release': [ANYTHING],
  'kit/prove': [ANYTHING],
  'kit/commands': [ANYTHING],
  'kit/cli.ts': [ANYTHING],
};

/** Rooms at the top: no other may import them. */
const top = ['kit/commands', 'kit/prove', 'kit/release', 'kit/setup', 'kit/cli.ts'];

/** What a wrong arrow most often means. */
const advice = [
  'Where it belongs: what two rooms need goes down into the lower of them, or into kit/base when it knows neither',
  'servers nor labs; what knows one lab or one world goes into src; what only an application does goes into apps.',
  'Or hand the value in as an argument. docs/architecture.md shows the house.',
].join(' ');

const root = rootFolder();
const present = ['src', 'apps', 'kit'].filter((folder) => existsSync(join(root, folder)));
const imports = importsBetween(root, filesBelow(root, present));

const inside = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

/** The room that a file stands in. */
function roomOf(path: string): string | undefined {
  return Object.keys(rooms)
    .filter((room) => inside(path, room))
    .sort((a, b) => b.length - a.length)[0];
}

function allowed({ from, to, types }: Import): boolean {
  const [room, other] = [roomOf(from)!, roomOf(to)];
  if (room === other) return true;
  if (top.some((name) => inside(to, name)) && !top.includes(room)) return false;
  return rooms[room]!.some((entry) => {
    if (entry === ANYTHING) return true;
    const [, typesOnly, path] = /^(types:)?(.*)$/.exec(entry)!;
    return inside(to, path!) && (!typesOnly || types);
  });
}

test('every file stands in a room of the house', () => {
  const homeless = filesBelow(root, present).filter((path) => !roomOf(path));
  expect(homeless, `These files stand in no room of the table. ${advice}`).toEqual([]);
});

test('imports go one way', () => {
  const wrong = imports
    .filter((one) => !allowed(one))
    .map(({ from, to, types }) => `${from} imports ${types ? 'types of ' : ''}${to}`);
  expect(wrong, advice).toEqual([]);
});

test('the rule finds an arrow that goes up, and one that takes more than types', () => {
  const up = { from: 'kit/base/root.ts', to: 'src/catalog.ts', types: true };
  const more = { from: 'kit/tap/tap.ts', to: 'kit/servers/address.ts', types: false };
  const proof = { from: 'kit/judge/result.ts', to: 'kit/prove/claim.ts', types: true };
  expect([up, more, proof, { ...more, types: true }].map(allowed)).toEqual([false, false, false, true]);
});

test('no import goes in a circle', () => {
  expect(
    circlesOf(imports).map((files) => files.join(' → ')),
    'Take what both need into a file of its own.',
  ).toEqual([]);
  const circle = [
    { from: 'a.ts', to: 'b.ts', types: true },
    { from: 'b.ts', to: 'a.ts', types: false },
  ];
  expect(circlesOf(circle)).toEqual([['a.ts', 'b.ts', 'a.ts']]);
});

/** Rooms that are large as a whole: their folders count one by one. */
const parted = ['kit/judge', 'kit/class'];

test('the small library stays small, and no room grows into a house', () => {
  const linesOf = (paths: readonly string[]) =>
    paths.reduce((sum, path) => sum + readFileSync(join(root, path), 'utf8').split('\n').length - 1, 0);
  const lines = (folder: string) => linesOf(filesBelow(root, [folder]));
  expect(lines('src'), 'lines of src, the part that a student reads').toBeLessThan(7000);
  for (const room of Object.keys(rooms).filter((name) => !name.endsWith('.ts')))
    if (existsSync(join(root, room)) && !parted.includes(room))
      expect(lines(room), `lines of ${room}`).toBeLessThan(6000);
  for (const room of parted.filter((name) => existsSync(join(root, name)))) {
    const files = filesBelow(root, [room]).map((path) => path.slice(room.length + 1).split('/'));
    for (const part of new Set(files.map(([first, ...rest]) => (rest.length > 0 ? first! : '')))) {
      const own = files.filter(([first, ...rest]) => (part ? first === part : rest.length === 0));
      const sum = linesOf(own.map((names) => [room, ...names].join('/')));
      expect(sum, `lines of ${join(room, part)}`).toBeLessThan(6000);
    }
  }
});

test('every notebook imports from src in one line', () => {
  const folder = join(root, 'notebooks');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.ipynb'))) {
    const { cells } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      cells: { cell_type: string; source: string | string[] }[];
    };
    const code = cells
      .filter((cell) => cell.cell_type === 'code')
      .map(({ source }) => [source].flat().join(''));
    const lines = code.flatMap((text) => text.match(/^.*'\.\/(src|kit|apps)\/.*$/gm) ?? []);
    expect(lines, name).toEqual([expect.stringMatching(/^import \{ .* \} from '\.\/src\/index\.ts';$/)]);
  }
});
