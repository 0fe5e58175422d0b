import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { catalog } from '../../src/catalog.ts';
import { studentsEdition } from '../base/edition.ts';
import { rootFolder } from '../base/root.ts';
import type { Claim } from './claim.ts';

/** Where the files of a lab lie, and how they end. */
const places: readonly [folder: string, end: string][] = [
  ['notebooks', '.ipynb'],
  ['labs', '.ts'],
  ['test', '.test.ts'],
  ['answers', '.md'],
];

/** What a students' edition must not hold. */
const teachers = [
  'test/wrong',
  'test/right',
  'test/hidden',
  'test/hostile',
  'bench',
  'kit/release',
  'kit/class',
  'kit/prove/kept',
  'kit/prove/new-lab',
];

/** The places of an edition, which also keeps the stubs as they were. */
const placesHere = () => [...places, ...(studentsEdition() ? [['stubs', '.ts'] as const] : [])];

const missingOf = (id: string): string[] =>
  placesHere()
    .map(([folder, end]) => `${folder}/${id}${end}`)
    .filter((path) => !existsSync(join(rootFolder(), path)));

/** The files at the places of labs that belong to no lab of the catalogue. */
const strayFiles = (): string[] =>
  places.flatMap(([folder, end]) =>
    readdirSync(join(rootFolder(), folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(end))
      .filter(({ name }) => !catalog.some(({ id }) => name === `${id}${end}`))
      .map(({ name }) => `${folder}/${name}`),
  );

/** Solutions kept for a lab that the catalogue does not hold. */
const strayKept = (): string[] =>
  ['test/wrong', 'test/right']
    .filter((folder) => existsSync(join(rootFolder(), folder)))
    .flatMap((folder) => readdirSync(join(rootFolder(), folder)).map((name) => `${folder}/${name}`))
    .filter((path) => !catalog.some(({ id }) => id === basename(path, '.ts')));

/**
 * Every lab of the catalogue has its files, and no file belongs to a lab that is not in it. In a students' edition: a
 * student may add files of any name, and nothing of a teacher's is there.
 */
export function proveFiles(): Claim[] {
  const root = rootFolder();
  const edition = studentsEdition();
  const missing = catalog.flatMap(({ id }) => missingOf(id));
  const stray = strayFiles().filter((path) => !edition || /\/\d\d-/.test(path));
  const kept = edition ? teachers.filter((path) => existsSync(join(root, path))) : [];
  return [
    { name: 'every lab has its files', holds: missing.length === 0, detail: missing.join('\n') },
    { name: 'no file belongs to no lab', holds: stray.length === 0, detail: stray.join('\n') },
    ...(edition
      ? [{ name: 'nothing of a teacher is here', holds: kept.length === 0, detail: kept.join('\n') }]
      : []),
  ];
}

/** The same of one lab: its files are there, and no other file, nor a kept solution, bears its number. */
export function proveFilesOf(id: string): Claim[] {
  const missing = missingOf(id);
  const number = id.slice(0, 3);
  const stray = [...strayFiles(), ...strayKept()].filter((path) => basename(path).startsWith(number));
  return [
    { name: `every file of ${id} is there`, holds: missing.length === 0, detail: missing.join('\n') },
    { name: `no other file bears its number`, holds: stray.length === 0, detail: stray.join('\n') },
  ];
}
