import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encryptedZip } from './support/encrypted-zip.ts';
import { bombTar, bombZip, classFolder, tarOf, treeOf, zipOf } from './support/handed-in.ts';

const wanted = 'labs/01-initial-sync.ts';
const safe = { [wanted]: 'export const a = 1;\n' };
const missing =
  'Missing: labs/01-initial-sync.ts, labs/03-hset-mapping.ts, answers/01-initial-sync.md, answers/03-hset-mapping.md.';
const mb = () => process.memoryUsage().rss / 1024 / 1024;

/** The bytes of a zip with every occurrence of one text replaced by another of the same length. */
const renamed = (zip: Buffer, { from, to }: { from: string; to: string }): Buffer =>
  Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');

describe('collect() of a hostile folder', () => {
  it('follows no link and opens no pipe', async () => {
    await using place = await classFolder();
    await writeFile(join(place.root, 'secret.ts'), 'secret');
    await place.write({ 'ben/labs/01-initial-sync.ts': 'the work of ben' });
    await mkdir(join(place.dir, 'zoe/answers'), { recursive: true });
    await symlink('../ben/labs', join(place.dir, 'zoe/labs'));
    await symlink(join(place.root, 'secret.ts'), join(place.dir, 'zoe/03-hset-mapping.ts'));
    await symlink('..', join(place.dir, 'zoe/loop'));
    execFileSync('mkfifo', [join(place.dir, 'zoe/answers/01-initial-sync.md')]);
    await mkdir(join(place.dir, 'zoe/answers/03-hset-mapping.md'));
    const { students } = await place.collect();
    expect(students[1]!.notes).toEqual([
      '"03-hset-mapping.ts" is a symbolic link and was left out.',
      '"answers/01-initial-sync.md" is a named pipe and was left out.',
      '"labs" is a symbolic link and was left out.',
      '"loop" is a symbolic link and was left out.',
      missing,
    ]);
    expect(await treeOf(students[1]!.folder)).toEqual({});
  });

  it('reads nothing through a file or folder that is exchanged for a link meanwhile', async () => {
    await using place = await classFolder();
    await mkdir(join(place.root, 'labs'));
    await writeFile(join(place.root, wanted), 'secret');
    await place.write({ [`zoe/${wanted}`]: 'mine', [`zoe/tp/${wanted}`]: 'mine' });
    const flip = `const { renameSync, symlinkSync, rmSync } = require('node:fs');
      process.send('ready');
      for (;;) for (const [path, target] of [['${wanted}', '${wanted}'], ['tp/labs', 'labs']]) {
        renameSync(path, 'aside'); symlinkSync('${place.root}/' + target, path);
        rmSync(path); renameSync('aside', path);
      }`;
    const script = join(place.root, 'flip.cjs');
    await writeFile(script, flip);
    const flipping = fork(script, { cwd: join(place.dir, 'zoe'), stdio: 'inherit' });
    await once(flipping, 'message');
    const read = new Set<string>();
    for (let i = 0; i < 150 || (read.size < 2 && i < 3000); i += 1) {
      const { students } = await place.collect();
      for (const text of Object.values(await treeOf(students[0]!.folder))) read.add(text);
      for (const note of students[0]!.notes) if (note.includes('symbolic')) read.add('refused');
    }
    flipping.kill('SIGKILL');
    await once(flipping, 'exit');
    expect([...read].sort()).toEqual(['mine', 'refused']);
  });

  it('takes no hard link, which may be the work of another', async () => {
    await using place = await classFolder();
    await writeFile(join(place.root, 'secret.ts'), 'secret');
    await mkdir(join(place.dir, 'zoe/labs'), { recursive: true });
    await link(join(place.root, 'secret.ts'), join(place.dir, 'zoe', wanted));
    const { students } = await place.collect();
    expect(students[0]!.notes[0]).toMatch(/^"labs\/01-initial-sync.ts" is a hard link, one of 2 names/);
    expect(await treeOf(students[0]!.folder)).toEqual({});
  });

  it('leaves out what is too large, and bounds its own sentences', async () => {
    await using place = await classFolder();
    await place.write({ [`zoe/${wanted}`]: Buffer.alloc(300 * 1024, 'a') });
    for (let i = 0; i < 40; i += 1) await symlink('/', join(place.dir, `zoe/link ${i}\n\u202e`));
    const { notes } = (await place.collect()).students[0]!;
    expect(notes[0]).toBe(`"${wanted}" is larger than 256 KB, far more than a lab needs, and was left out.`);
    expect(notes.length).toBe(31);
    expect(notes.at(-1)).toBe('And 12 more of this kind.');
    expect(notes.join('')).not.toMatch(/[\n\u202e]/);
  });
});

describe('collect() of a hostile archive', () => {
  it('refuses names that lead out, and keeps the rest', async () => {
    await using place = await classFolder();
    const zip = await zipOf({
      'xx/labs/01-initial-sync.ts': 'out',
      'abs/labs/03-hset-mapping.ts': 'out',
      ...safe,
    });
    const bent = renamed(renamed(zip, { from: 'xx/labs', to: '../labs' }), { from: 'abs/', to: '////' });
    const tar = await tarOf([
      { name: '../labs/01-initial-sync.ts', content: 'out' },
      { name: '/labs/03-hset-mapping.ts', content: 'out' },
      { name: wanted, content: safe[wanted]! },
    ]);
    await place.write({
      'zip.zip': renamed(zip, { from: 'xx/labs', to: '../labs' }),
      'zip2.zip': bent,
      'tar.tar': tar,
    });
    for (const { notes, folder } of (await place.collect()).students) {
      expect(notes[0]).toContain('leads out of the submission and was left out.');
      expect(await treeOf(folder)).toMatchObject(safe);
    }
    expect(Object.keys(await treeOf(place.root)).filter((path) => !/^(class|copies)\//.test(path))).toEqual(
      [],
    );
  });

  it('takes no link and no device out of a zip or tar', async () => {
    await using place = await classFolder();
    await place.write({
      'a.zip': await zipOf({ [wanted]: '/etc/passwd' }, { mode: 0o120777 }),
      'b.zip': await zipOf({ [wanted]: '' }, { mode: 0o020666 }),
      'c.tar': await tarOf([
        { name: wanted, type: 'symlink', linkname: '/etc/passwd' },
        { name: 'labs/03-hset-mapping.ts', type: 'link', linkname: '/etc/passwd' },
        { name: 'answers/01-initial-sync.md', type: 'fifo' },
        { name: 'answers/03-hset-mapping.md', type: 'character-device' },
      ]),
    });
    const { students } = await place.collect();
    expect(students.map(({ notes }) => notes)).toEqual([
      [`"${wanted}" is a symbolic link and was left out.`, missing],
      [`"${wanted}" is not a regular file and was left out.`, missing],
      [
        `"${wanted}" is a symbolic link and was left out.`,
        '"labs/03-hset-mapping.ts" is a hard link to another file and was left out.',
        '"answers/01-initial-sync.md" is a named pipe and was left out.',
        '"answers/03-hset-mapping.md" is a device and was left out.',
        missing,
      ],
    ]);
    for (const { folder } of students) expect(await treeOf(folder)).toEqual({});
  });

  it('gives a record for archives that are cut off, damaged, empty, encrypted or of another kind', async () => {
    await using place = await classFolder();
    const zip = await zipOf(safe);
    const gz = gzipSync(await tarOf([{ name: wanted, content: 'x'.repeat(5000) }]));
    const damaged = Buffer.from(zip);
    damaged.writeUInt32LE(0xdeadbeef, damaged.indexOf('PK\x01\x02') + 16);
    await place.write({
      'cut.zip': zip.subarray(0, zip.length - 30),
      'cut.tar.gz': gz.subarray(0, gz.length - 20),
      'damaged.zip': damaged,
      'encrypted.zip': renamed(encryptedZip, { from: wanted, to: 'else/nothing-of-that.ts' }),
      'empty.zip': '',
      'garbage.tgz': 'this is no archive at all'.repeat(100),
      'other.rar': 'Rar!\x1a\x07\x01\x00',
    });
    const { students } = await place.collect();
    const said = Object.fromEntries(students.map(({ student, notes }) => [student, notes[0]]));
    expect(said).toEqual({
      cut: expect.stringContaining('"cut.tar.gz" was not read, since "cut.zip" is there too'),
      damaged: `"${wanted}" is damaged in the zip and was left out.`,
      empty: '"empty.zip" is empty: it holds no bytes at all.',
      encrypted: missing,
      garbage: '"garbage.tgz" is no zip and no tar: hand in a folder, a zip or a tar.gz.',
      other: '"other.rar" is of a kind that is not opened here: hand in a folder, a zip or a tar.gz.',
    });
    expect(students[0]!.notes[1]).toBe(
      '"cut.zip" is damaged or cut off and cannot be read: hand it in once more.',
    );
  });

  it('names an encrypted lab', async () => {
    await using place = await classFolder();
    await place.write({ 'zoe.zip': encryptedZip });
    const { students } = await place.collect();
    expect(students[0]!.notes[0]).toBe(`"${wanted}" is encrypted with a password and was left out.`);
  });

  it('keeps what stands before the cut in a tar', async () => {
    await using place = await classFolder();
    const tar = await tarOf([
      { name: wanted, content: safe[wanted]! },
      { name: 'x', content: 'x'.repeat(9000) },
    ]);
    await place.write({ 'zoe.tar': tar.subarray(0, 5000) });
    const { notes, folder } = (await place.collect()).students[0]!;
    expect(notes[0]).toBe('The archive is damaged or cut off: only what stands before that place was read.');
    expect(await treeOf(folder)).toEqual(safe);
  });

  it('takes the last of two files of one name, as unpacking does, and the exact one where only case differs', async () => {
    await using place = await classFolder();
    await place.write({
      'twice.tar': await tarOf([
        { name: wanted, content: 'first' },
        { name: wanted, content: 'last' },
      ]),
      'cases.zip': await zipOf({ 'LABS/01-INITIAL-SYNC.TS': 'loud', [wanted]: 'exact' }),
    });
    const { students } = await place.collect();
    expect(await treeOf(students[0]!.folder)).toEqual({ [wanted]: 'exact' });
    expect(students[0]!.notes[0]).toContain('was taken, not "LABS/01-INITIAL-SYNC.TS"');
    expect(await treeOf(students[1]!.folder)).toEqual({ [wanted]: 'last' });
    expect(students[1]!.notes[0]).toContain('stands more than once in the archive');
  });

  it('spends little on a gigabyte of zeros', async () => {
    await using place = await classFolder();
    await bombZip(join(place.dir, 'zip.zip'), { name: wanted, megabytes: 1024 });
    await bombTar(join(place.dir, 'tar.tar.gz'), { name: wanted, megabytes: 128 });
    await bombTar(join(place.dir, 'before.tar.gz'), { name: 'zeros', megabytes: 1024 });
    const [before, start] = [mb(), process.cpuUsage()];
    const { students } = await place.collect();
    const { user, system } = process.cpuUsage(start);
    const [spent, grown] = [(user + system) / 1000, mb() - before];
    expect(students.map(({ notes }) => notes[0])).toEqual([
      'The archive unpacks to far more than a submission has: only what stands before that place was read.',
      `"${wanted}" is larger than 256 KB, far more than a lab needs, and was left out.`,
      `"${wanted}" is larger than 256 KB, far more than a lab needs, and was left out.`,
    ]);
    expect(grown).toBeLessThan(100);
    expect(spent).toBeLessThan(5000);
  }, 60_000);

  it('does not believe the size that a zip states', async () => {
    await using place = await classFolder();
    const zip = await zipOf({ [wanted]: Buffer.alloc(50 * 1024 * 1024) });
    zip.writeUInt32LE(1000, zip.indexOf('PK\x01\x02') + 24);
    await place.write({ 'zoe.zip': zip });
    const { notes, folder } = (await place.collect()).students[0]!;
    expect(notes[0]).toMatch(/is (damaged in the zip|larger than it says) and was left out/);
    expect(await treeOf(folder)).toEqual({});
  });

  it('lists no more than a bounded number of names', async () => {
    await using place = await classFolder();
    const many = await zipOf(
      Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}/${wanted}`, `${i}`])),
    );
    await place.write({ 'zoe.zip': many });
    const { notes } = (await place.collect()).students[0]!;
    expect(notes[0]).toBe('So many files have the name of a lab that the rest of them was left out.');
  });
});

describe('collect() of any names and bytes', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '..',
      '.',
      '',
      'labs',
      'answers',
      'C:',
      '\\',
      '~',
      '01-initial-sync.ts',
      '01-initial-sync.md',
      'CON',
      '\u202e',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const name = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('/'));

  it('writes only wanted files, and only into the copies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 8 }), async (names) => {
        await using place = await classFolder();
        const entries = names.map((one) => ({ name: one.replaceAll('\0', '') || 'x', content: 'x' }));
        await place.write({ 'zoe.tar': await tarOf(entries) });
        const before = Object.keys(await treeOf(place.root));
        const { students } = await place.collect();
        expect(students).toHaveLength(1);
        const made = Object.keys(await treeOf(place.root)).filter((path) => !before.includes(path));
        for (const path of made)
          expect(path).toMatch(/^copies\/zoe\/(labs\/01-initial-sync\.ts|answers\/01-initial-sync\.md)$/);
      }),
      { numRuns: 150 },
    );
  });

  it('survives a zip or tar.gz with any of its bytes changed', async () => {
    const zip = await zipOf({ ...safe, 'answers/01-initial-sync.md': 'x'.repeat(500) });
    const tar = gzipSync(await tarOf([{ name: wanted, content: 'x' }]));
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (isZip, changes) => {
          await using place = await classFolder();
          const bytes = Buffer.from(isZip ? zip : tar);
          for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
          await place.write({ 'zoe.zip': bytes });
          const { students } = await place.collect();
          expect(students).toHaveLength(1);
          expect(
            Object.keys(await treeOf(place.into)).every((path) => /^zoe\/(labs|answers)\//.test(path)),
          ).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});
