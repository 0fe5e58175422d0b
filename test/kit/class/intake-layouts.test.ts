import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { classFolder, tarOf, treeOf, zipOf } from './support/handed-in.ts';

const code = 'export const a = 1;\n';
const full = {
  'labs/01-initial-sync.ts': code,
  'labs/03-hset-mapping.ts': code,
  'answers/01-initial-sync.md': '# One\n',
  'answers/03-hset-mapping.md': '# Three\n',
};
const under = (folder: string, files: Record<string, string> = full) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
const asTar = (files: Record<string, string>) =>
  tarOf(Object.entries(files).map(([name, content]) => ({ name, content })));

describe('collect()', () => {
  it('copies labs and answers of a folder, a zip, a tar, a tgz and a tar.gz, and nothing else', async () => {
    await using place = await classFolder();
    await place.write({
      ...under('anna', { ...full, 'package.json': '{}', 'labs/02-read-orders.ts': code, 'notes.txt': 'x' }),
      'ben.zip': await zipOf(full),
      'carla.tar': await asTar(full),
      'dora.tgz': gzipSync(await asTar(under('./dora'))),
      'emil.tar.gz': gzipSync(await asTar(full)),
    });
    const { students, skipped } = await place.collect();
    expect(students.map(({ student }) => student)).toEqual(['anna', 'ben', 'carla', 'dora', 'emil']);
    expect(students.flatMap(({ notes }) => notes)).toEqual([]);
    expect(skipped).toEqual([]);
    for (const { folder } of students) expect(await treeOf(folder)).toEqual(full);
    expect(new Set(students.map(({ sha256 }) => sha256)).size).toBe(1);
  });

  it.each([
    ['two folders deep', under('a/b/tp redis')],
    [
      'with folders of another case',
      Object.fromEntries(
        Object.entries(full).map(([k, v]) => [k.replace('labs', 'LABS').replace('answers', 'Answers'), v]),
      ),
    ],
    [
      'with backslashes in names',
      Object.fromEntries(Object.entries(full).map(([k, v]) => [`tp\\${k.replace('/', '\\')}`, v])),
    ],
    [
      'beside what macOS leaves behind',
      {
        ...full,
        '__MACOSX/labs/._01-initial-sync.ts': 'x',
        '.DS_Store': 'x',
        'labs/._01-initial-sync.ts': 'x',
      },
    ],
    [
      'beside node_modules and hidden folders',
      {
        ...full,
        'node_modules/x/labs/01-initial-sync.ts': 'x',
        '.answers/01-initial-sync.ts': 'x',
        '.git/config': 'x',
      },
    ],
  ])('finds the files %s', async (_, files) => {
    await using place = await classFolder();
    await place.write(under('folder', files as Record<string, string>));
    await place.write({
      'zipped.zip': await zipOf(files),
      'tarred.tar': await asTar(files as Record<string, string>),
    });
    for (const { folder, notes } of (await place.collect()).students) {
      expect(notes).toEqual([]);
      expect(await treeOf(folder)).toEqual(full);
    }
  });

  it('finds files of changed names, and says as what', async () => {
    await using place = await classFolder();
    await place.write({
      'zoe/01-initial-sync(1).ts': code,
      'zoe/labs/03-HSET-mapping - Copy.ts': code,
      'zoe/answers/01_initial_sync.md.txt': '# One\n',
      'zoe/03-hset-mapping.md': '# Three\n',
    });
    const { students } = await place.collect();
    expect(await treeOf(students[0]!.folder)).toEqual(full);
    expect(students[0]!.notes).toEqual([
      'labs/01-initial-sync.ts was found as "01-initial-sync(1).ts".',
      'labs/03-hset-mapping.ts was found as "labs/03-HSET-mapping - Copy.ts".',
      'answers/01-initial-sync.md was found as "answers/01_initial_sync.md.txt".',
      'answers/03-hset-mapping.md was found as "03-hset-mapping.md".',
    ]);
  });

  it('reads the folders, archives and single files that Moodle hands out', async () => {
    await using place = await classFolder();
    await place.write({
      ...under('Zoë Müller_12345_assignsubmission_file_'),
      'Ben Doe_200_assignsubmission_file_/tp.zip': await zipOf(under('tp')),
      'Ann Lee_7_assignsubmission_file_01-initial-sync.ts': code,
      'Ann Lee_7_assignsubmission_file_03-hset-mapping.md': '# Three\n',
      'Max Doe_8_assignsubmission_file_work.zip': await zipOf(full),
    });
    const { students } = await place.collect();
    expect(students.map(({ student, slug }) => [student, slug])).toEqual([
      ['Ann Lee', 'ann-lee'],
      ['Ben Doe', 'ben-doe'],
      ['Max Doe', 'max-doe'],
      ['Zoë Müller', 'zoe-muller'],
    ]);
    expect(Object.keys(await treeOf(students[0]!.folder))).toEqual([
      'answers/03-hset-mapping.md',
      'labs/01-initial-sync.ts',
    ]);
    for (const { folder } of students.slice(1)) expect(await treeOf(folder)).toEqual(full);
  });

  it('tells two students of one name apart', async () => {
    await using place = await classFolder();
    await place.write({
      ...under('Ann Lee_7_assignsubmission_file_'),
      ...under('Ann Lee_9_assignsubmission_file_'),
      ...under('Zoë'.normalize('NFC')),
      ...under('Zoë'.normalize('NFD')),
      ...under('zoe'),
    });
    const { students } = await place.collect();
    expect(students.map(({ student, slug }) => [student, slug])).toEqual([
      ['Ann Lee (7)', 'ann-lee-7'],
      ['Ann Lee (9)', 'ann-lee-9'],
      ['Zoë', 'zoe'],
      ['Zoë (2)', 'zoe-2'],
      ['zoe', 'zoe-3'],
    ]);
  });

  it('chooses between two candidates by the rule, and says which', async () => {
    await using place = await classFolder();
    await place.write({
      'zoe/old/labs/01-initial-sync.ts': 'old\n',
      'zoe/labs/01-initial-sync.ts': 'new\n',
      'zoe/labs/01-initial-sync (2).ts': 'copy\n',
      'zoe/01-initial-sync.ts': 'loose\n',
      'zoe/tp.zip': await zipOf({ 'labs/01-initial-sync.ts': 'zipped\n' }),
    });
    const { students } = await place.collect();
    expect(await treeOf(students[0]!.folder)).toEqual({ 'labs/01-initial-sync.ts': 'new\n' });
    expect(students[0]!.notes[0]).toMatch(
      /^For labs\/01-initial-sync.ts, "labs\/01-initial-sync.ts" was taken, not "old\/labs.*"labs\/01-initial-sync \(2\).ts".* and 1 more\.$/,
    );
    expect(students[0]!.notes.at(-1)).toMatch(
      /^Where two files may be meant, a file of the folder goes before/,
    );
  });

  it('reads the folder where there is an archive of the same name too', async () => {
    await using place = await classFolder();
    await place.write({
      ...under('zoe'),
      'zoe.zip': await zipOf({ 'labs/01-initial-sync.ts': 'other' }),
      'zoe.tar': '',
    });
    const { students } = await place.collect();
    expect(students).toHaveLength(1);
    expect(await treeOf(students[0]!.folder)).toEqual(full);
    expect(students[0]!.notes.map((note) => note.slice(0, 32))).toEqual([
      '"zoe.zip" was not read, since "z',
      '"zoe.tar" was not read, since "z',
    ]);
  });

  it('takes the last attempt where Canvas counts them, and names the others', async () => {
    await using place = await classFolder();
    await place.write({
      'ada/labs/01-initial-sync.ts': 'stub\n',
      'ada/labs/01-initial-sync-1.ts': 'first\n',
      'ada/labs/01-initial-sync-2.ts': 'second\n',
      'ada/labs/03-hset-mapping-10.ts': code,
      'mullerzoe_LATE_12345_678901_01-initial-sync-1.ts': 'again\n',
      'mullerzoe_12345_678900_03-hset-mapping.ts': code,
      'mullerzoe_12399_678902_tp.zip': await zipOf(full),
    });
    const { students } = await place.collect();
    expect(students.map(({ student }) => student)).toEqual(['ada', 'mullerzoe (12345)', 'mullerzoe (12399)']);
    const trees = await Promise.all(students.map(({ folder }) => treeOf(folder)));
    expect(trees).toEqual([
      { 'labs/01-initial-sync.ts': 'second\n', 'labs/03-hset-mapping.ts': code },
      { 'labs/01-initial-sync.ts': 'again\n', 'labs/03-hset-mapping.ts': code },
      full,
    ]);
    expect(students[0]!.notes.slice(0, 3)).toEqual([
      'labs/01-initial-sync.ts was found as "labs/01-initial-sync-2.ts".',
      'For labs/01-initial-sync.ts, "labs/01-initial-sync-2.ts" was taken, not "labs/01-initial-sync-1.ts", "labs/01-initial-sync.ts".',
      'labs/03-hset-mapping.ts was found as "labs/03-hset-mapping-10.ts".',
    ]);
  });

  it('reads what Blackboard and Brightspace hand out, of each student the last attempt', async () => {
    await using place = await classFolder();
    await place.write({
      'Lab 3_zoe_attempt_2026-01-31-10-20-30_01-initial-sync.ts': 'new\n',
      'Lab 3_zoe_attempt_2026-01-31-10-20-30.txt': 'Name: Zoë',
      'Lab 3_zoe_attempt_2026-01-30-23-59-00_01-initial-sync.ts': 'old\n',
      'Lab 3_ben_attempt_2026-01-30-23-59-00_tp.zip': await zipOf(full),
      '12-77 - Ann Lee - Jan 31, 2026 1020 AM - 01-initial-sync.ts': 'morning\n',
      '12-77 - Ann Lee - Jan 31, 2026 1220 PM - 01-initial-sync.ts': 'noon\n',
      ...under('12-78 - Max Doe - Feb 1, 2026 905 AM'),
      'index.html': 'x',
    });
    const { students, skipped } = await place.collect();
    expect(students.map(({ student }) => student)).toEqual(['Ann Lee', 'Max Doe', 'ben', 'zoe']);
    const trees = await Promise.all(students.map(({ folder }) => treeOf(folder)));
    expect(trees).toEqual([
      { 'labs/01-initial-sync.ts': 'noon\n' },
      full,
      full,
      { 'labs/01-initial-sync.ts': 'new\n' },
    ]);
    expect(students[3]!.notes[0]).toBe(
      '"Lab 3_zoe_attempt_2026-01-30-23-59-00_01-initial-sync.ts" was not read: it is of an earlier attempt, and the last one counts.',
    );
    expect(skipped).toEqual([expect.stringMatching(/^index.html is no submission/)]);
  });

  it('opens an archive in an archive, and names one that lies deeper', async () => {
    await using place = await classFolder();
    const inner = await zipOf(full);
    await place.write({
      'ada.zip': await zipOf({ 'Lab 3/ada-upload.zip': inner }),
      'ben.tar': await tarOf([{ name: 'tp/ben.zip', content: inner }]),
      'cleo.zip': await zipOf({ 'a.zip': await zipOf({ 'b.zip': inner }) }),
      'dan/tp.zip': await zipOf({ 'Lab 3/dan.tgz': gzipSync(await asTar(full)) }),
      'eve.zip': await zipOf({ 'tp.zip': Buffer.from('PK no zip') }),
    });
    const { students } = await place.collect();
    const trees = await Promise.all(students.map(({ folder }) => treeOf(folder)));
    expect(trees).toEqual([full, full, {}, full, {}]);
    expect(students[0]!.notes).toEqual([]);
    expect(students[2]!.notes[0]).toBe(
      '"a.zip/b.zip" is an archive in an archive in an archive and was not opened: hand in the folder itself.',
    );
    expect(students[4]!.notes[0]).toBe(
      '"tp.zip" is damaged or cut off and cannot be read: hand it in once more.',
    );
  });

  it('names documents that were handed in for a lab or an answer', async () => {
    await using place = await classFolder();
    await place.write({
      'zoe/report.pdf': 'x',
      'ben/labs/01-initial-sync.ts': code,
      'ben/lab 03.ipynb': '{}',
    });
    const { students } = await place.collect();
    expect(students.map(({ notes }) => notes.at(-1))).toEqual([
      'Labs are read from .ts files, answers from .md files. Not read: "lab 03.ipynb".',
      'Labs are read from .ts files, answers from .md files. Not read: "report.pdf".',
    ]);
  });

  it('says nothing of the stubs that a whole edition holds once more', async () => {
    await using place = await classFolder();
    await place.write({
      ...under('zoe'),
      'zoe/stubs/01-initial-sync.ts': 'stub\n',
      'zoe/stubs/03-hset-mapping.ts': 'stub\n',
    });
    const { students } = await place.collect();
    expect(students[0]!.notes).toEqual([]);
    expect(await treeOf(students[0]!.folder)).toEqual(full);
  });

  it('names what is missing, and what may have been meant', async () => {
    await using place = await classFolder();
    await mkdir(join(place.dir, 'empty'));
    await place.write({
      'zoe/labs/01-initial-sync.ts': code,
      'zoe/labs/exercise3.ts': code,
      'zoe/src/main.ts': code,
    });
    const { students } = await place.collect();
    expect(students[0]!.notes).toEqual([
      'Missing: labs/01-initial-sync.ts, labs/03-hset-mapping.ts, answers/01-initial-sync.md, answers/03-hset-mapping.md.',
    ]);
    expect(students[1]!.notes).toEqual([
      'Missing: labs/03-hset-mapping.ts, answers/01-initial-sync.md, answers/03-hset-mapping.md.',
      'A file is known by its name. These were seen and have none of those: "labs/exercise3.ts".',
    ]);
  });

  it('skips what is no submission, and says so', async () => {
    await using place = await classFolder();
    await place.write({
      ...under('zoe'),
      'README.md': 'x',
      'grades.csv': 'x',
      '.hidden/labs/01-initial-sync.ts': 'x',
    });
    await symlink(join(place.dir, 'zoe'), join(place.dir, 'latest'));
    const { students, skipped } = await place.collect();
    expect(students.map(({ student }) => student)).toEqual(['zoe']);
    expect(skipped).toEqual([
      '.hidden is hidden or left behind by a program, and was skipped.',
      'README.md is no submission and was skipped: a submission is a folder, a zip, a tar or a tar.gz.',
      'grades.csv is no submission and was skipped: a submission is a folder, a zip, a tar or a tar.gz.',
      'latest is a symbolic link and was not followed: put the folder itself here.',
    ]);
  });

  it('reads a git clone as files, and says what a bare repository is', async () => {
    await using place = await classFolder();
    await place.write(under('zoe'));
    const git = (...args: string[]) => execFileSync('git', args, { cwd: place.dir, stdio: 'pipe' });
    git('init', '-q', 'zoe');
    git('clone', '-q', '--bare', 'zoe', 'bare');
    const { students } = await place.collect();
    expect(students[0]!.notes[0]).toBe(
      'The folder is a bare git repository, without files: hand in a clone, or a zip of the files.',
    );
    expect(await treeOf(students[1]!.folder)).toEqual(full);
  });

  it('reads text of other editors, and says so where it matters', async () => {
    await using place = await classFolder();
    await place.write({
      'zoe/labs/01-initial-sync.ts': Buffer.from('\ufeffa\r\nb\r\n'),
      'zoe/labs/03-hset-mapping.ts': Buffer.from('\ufeffé\r\n', 'utf16le'),
      'zoe/answers/01-initial-sync.md': Buffer.from('é\n', 'latin1'),
      'zoe/answers/03-hset-mapping.md': Buffer.from('a\0b'),
    });
    const { students } = await place.collect();
    expect(await treeOf(students[0]!.folder)).toEqual({
      'answers/01-initial-sync.md': 'é\n',
      'labs/01-initial-sync.ts': 'a\nb\n',
      'labs/03-hset-mapping.ts': 'é\n',
    });
    expect(students[0]!.notes).toEqual([
      'labs/03-hset-mapping.ts is not saved as UTF-8; it was read as UTF-16, so accents may look wrong.',
      'answers/01-initial-sync.md is not saved as UTF-8; it was read as Windows-1252, so accents may look wrong.',
      '"answers/03-hset-mapping.md" is no text and was left out.',
      'Windows line ends were read as plain ones, which changes nothing: labs/01-initial-sync.ts, labs/03-hset-mapping.ts.',
      'Missing: answers/03-hset-mapping.md.',
    ]);
  });

  it('gives the same again, over the copies of an earlier run', async () => {
    await using place = await classFolder();
    await place.write({ ...under('zoe'), 'ben.zip': await zipOf(full) });
    const first = await place.collect();
    await place.write({ 'zoe/labs/01-initial-sync.ts': 'changed\n' });
    const second = await place.collect();
    expect(second.students[0]).toEqual(first.students[0]);
    expect(second.students[1]!.sha256).not.toBe(first.students[1]!.sha256);
  });

  it('refuses a folder that is one student, that is a file, or that is not there', async () => {
    await using place = await classFolder();
    await place.write(full);
    await expect(place.collect()).rejects.toThrow('looks like the submission of one student');
    // A whole edition holds more beside its labs/, and a loose file of a lab is nobody's folder.
    await place.write({ 'notebooks/01-initial-sync.ipynb': '{}', 'kit/cli.ts': code });
    await expect(place.collect()).rejects.toThrow('it holds answers and labs. Name the folder above it');
    await using loose = await classFolder();
    await loose.write({ '03-hset-mapping.ts': code });
    await expect(loose.collect()).rejects.toThrow('it holds 03-hset-mapping.ts');
    const { collect } = await import('../../../kit/class/intake/collect.ts');
    const options = { labs: [], into: place.into };
    await expect(collect(join(place.dir, 'nobody'), options)).rejects.toThrow('There is no folder');
    await expect(collect(join(place.dir, 'labs/01-initial-sync.ts'), options)).rejects.toThrow('is one file');
    await expect(collect(place.dir, { ...options, into: join(place.dir, 'out') })).rejects.toThrow(
      'in one another',
    );
    await expect(collect(place.dir, { ...options, into: place.root })).rejects.toThrow('in one another');
  });
});
