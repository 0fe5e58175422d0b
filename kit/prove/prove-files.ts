import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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
];

/**
 * Every lab of the catalogue has its files, and no file belongs to a lab that is not in it. In a students' edition: a
 * student may add files of any name, and nothing of a teacher's is there.
 */
export function proveFiles(): Claim[] {
  const root = rootFolder();
  const edition = studentsEdition();
  const missing = [...places, ...(edition ? [['stubs', '.ts'] as const] : [])].flatMap(([folder, end]) =>
    catalog.map(({ id }) => `${folder}/${id}${end}`).filter((path) => !existsSync(join(root, path))),
  );
  const stray = places.flatMap(([folder, end]) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(end))
      .filter(({ name }) => !catalog.some(({ id }) => name === `${id}${end}`))
      .map(({ name }) => `${folder}/${name}`)
      .filter((path) => !edition || /\/\d\d-/.test(path)),
  );
  const kept = edition ? teachers.filter((path) => existsSync(join(root, path))) : [];
  return [
    { name: 'every lab has its files', holds: missing.length === 0, detail: missing.join('\n') },
    { name: 'no file belongs to no lab', holds: stray.length === 0, detail: stray.join('\n') },
    ...(edition
      ? [{ name: 'nothing of a teacher is here', holds: kept.length === 0, detail: kept.join('\n') }]
      : []),
  ];
}
