import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../../../kit/base/root.ts';
import { checkFigures } from '../../../kit/class/report/class-checks.ts';
import { classHtml } from '../../../kit/class/report/class-html.ts';
import { gradesCsv } from '../../../kit/class/report/grades-csv.ts';
import { binsOf } from '../../../kit/class/report/histogram.ts';
import { importInto, writeReports } from '../../../kit/class/report/write-reports.ts';
import { inert } from '../../../kit/class/report/written-html.ts';
import { renderAnswer } from '../../../kit/class/written/render.ts';
import { catalog } from '../../../src/catalog.ts';
import { answer, classOf, exampleClass, largeClass, student } from './support/class-result.ts';

const result = exampleClass();

describe('classHtml()', () => {
  const page = classHtml(result);

  it('allows by its policy the one style and the one script that it holds', () => {
    const policy = page.match(/Content-Security-Policy" content="([^"]+)"/)![1]!.replaceAll('&#39;', "'");
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [style, ...styles] = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)];
    const [script, ...scripts] = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)];
    expect([styles, scripts]).toEqual([[], []]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src ${hash(style![1]!)};`);
    expect(policy).toContain(`script-src ${hash(script![1]!)};`);
  });

  it('interpolates nothing into its script', () => {
    const script = (html: string) => html.match(/<script>[\s\S]*<\/script>/)![0];
    expect(script(page)).toBe(script(classHtml(classOf([student('Other', 'other')]))));
  });

  it('escapes every name, and links each student’s feedback', () => {
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('alert(1)</script>');
    for (const { slug } of result.students) expect(page).toContain(`href="students/${slug}/feedback.html"`);
  });

  it('says isolation, servers, seed and time', () => {
    for (const fact of ['level 3: bubblewrap', 'MariaDB 10.11.19', '2026-11-22 09:30 UTC, in 1 min 12 s']) {
      expect(page).toContain(fact);
    }
  });

  it('says what lay beside the submissions', () => {
    const beside = classHtml({ ...result, skipped: ['`notes.txt` is no submission.'] });
    expect(beside).toContain('<li><code>notes.txt</code> is no submission.</li>');
  });

  it('is the same whatever the order of students', () => {
    expect(classHtml({ ...result, students: result.students.toReversed() })).toBe(page);
  });

  it('stands for a class without students, checks and answers', () => {
    expect(classHtml(classOf([]))).toContain('<strong>0</strong> students');
    expect(classHtml(classOf([], { labs: [] }))).toContain('No check was failed.');
  });

  it('stays under 3 MB for 500 students with 30 checks', () => {
    const large = classHtml(largeClass());
    expect(Buffer.byteLength(large)).toBeLessThan(3_000_000);
    expect(large.match(/<tr data-is/g)).toHaveLength(500);
  });
});

describe('checkFigures()', () => {
  it('counts who failed of those who were judged', () => {
    expect(checkFigures(result).find(({ id }) => id === '01.sync.trips')).toMatchObject({
      failed: 3,
      judged: 10,
    });
  });
});

describe('binsOf()', () => {
  it('counts every value once, and full marks by themselves', () => {
    expect(binsOf([0, 3, 7, 7.5, 15, 15], 15).filter(({ count }) => count > 0)).toEqual([
      { from: 0, to: 0, count: 1 },
      { from: 3, to: 3, count: 1 },
      { from: 7, to: 7, count: 2 },
      { from: 15, to: 15, count: 2 },
    ]);
  });

  it.each([0, 1, 19, 20, 184, 1000, 12345])('makes at most 21 bins of %i points', (max) => {
    const bins = binsOf([0, max / 2, max], max);
    expect(bins.length).toBeLessThanOrEqual(21);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(bins.at(-1)).toMatchObject({ from: max, to: max });
  });
});

describe('inert()', () => {
  it('keeps what Markdown renders', () => {
    const html =
      '<h2>Why</h2>\n<p>a &lt; b<br>\n<em>c</em></p>\n<pre><code class="language-ts">x</code></pre>\n';
    expect(inert(html).text).toBe(html);
  });

  it('takes ids, styles, pictures and other links away', () => {
    expect(inert('<p id="points" style="x">a</p>').text).toBe('<p>a</p>');
    expect(inert('<a href="javascript:x">a</a>').text).toBe('<a>a</a>');
    expect(inert('<a href="https://redis.io">a</a>').text).toBe(
      '<a href="https://redis.io" rel="noreferrer noopener" target="_blank">a</a>',
    );
    expect(inert('<p><img src="http://x/y" alt="the wire"></p>').text).toBe(
      '<p><em>[picture: the wire]</em></p>',
    );
  });

  it.each([
    '<script>alert(1)</script>',
    '<p onclick=alert(1)>a</p>',
    '</article><h1>x</h1>',
    '<p>a',
    'a</p>',
    '<svg/onload=x>',
    '<iframe srcdoc="x"></iframe>',
    '<style>*{}</style>',
    '<meta http-equiv="refresh" content="0">',
    '<!-- a',
    '<p><b>x</p></b>',
    '<',
  ])('shows %j as text', (source) => {
    const shown = inert(source).text;
    expect(shown).toMatch(/^<pre>[^<>]*<\/pre>$/);
  });

  it('takes every worked answer as it is rendered, and whatever else Markdown makes', async () => {
    for (const { id } of catalog) {
      const html = renderAnswer(await readFile(join(rootFolder(), 'answers', `${id}.md`), 'utf8'), {
        shift: 2,
      });
      expect(inert(html).text).toContain('hljs-keyword');
    }
    const pieces = fc.constantFrom(
      ...[
        'a',
        '<b>',
        '`',
        '```',
        '\n',
        '\n\n',
        '# ',
        '- ',
        '1. ',
        '> ',
        '*',
        '**',
        '[a](http://x?a=1&b="2")',
        '|a|b|\n|-|-:|\n|c|d|',
      ],
      ...['![<x>](http://x/y "t")', '<http://x>', '    ', '&lt;', '~~x~~', '---\n', '\\', "'", '>'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        expect(inert(renderAnswer(parts.join(''))).text).not.toMatch(/^<pre>&lt;/);
      }),
      { numRuns: 500 },
    );
  });

  it('guards the answers of the class page', () => {
    const written = [answer('01-initial-sync', { html: '</article></details><script>alert(1)</script>' })];
    const page = classHtml(classOf([student('Ann', 'ann', { written })]));
    expect(page).toContain('<pre>&lt;/article&gt;&lt;/details&gt;&lt;script&gt;');
    expect(page.match(/<script>/g)).toHaveLength(1);
  });
});

describe('writeReports()', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storelab-reports-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const files = async (out: string) => {
    const names = await readdir(out, { recursive: true, withFileTypes: true });
    const paths = names
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name).slice(out.length + 1));
    return Object.fromEntries(
      await Promise.all(
        paths.toSorted().map(async (path) => [path, await readFile(join(out, path), 'utf8')]),
      ),
    ) as Record<string, string>;
  };

  it('writes every report, and says which', async () => {
    const out = join(folder, 'first');
    const written = await writeReports(result, out);
    expect(written.toSorted()).toEqual(Object.keys(await files(out)));
    expect(written).toHaveLength(result.students.length * 4 + 4);
    expect(written.at(-1)).toBe('result.json');
  });

  it('writes the same bytes of the same class', async () => {
    await writeReports(structuredClone(result), join(folder, 'second'));
    expect(await files(join(folder, 'second'))).toEqual(await files(join(folder, 'first')));
  });

  it.each(['../up', 'a/b', '.hidden', '', 'a\\b', 'x'.repeat(300)])('refuses the slug %j', async (slug) => {
    const out = join(folder, 'refused');
    await expect(writeReports(classOf([student('Ann', slug)]), out)).rejects.toThrow(/no file name/);
    await expect(readdir(out)).rejects.toThrow();
  });

  it('refuses two students in one folder', async () => {
    const twins = classOf([student('Ann', 'ann'), student('ANN', 'Ann')]);
    await expect(writeReports(twins, join(folder, 'twins'))).rejects.toThrow(
      'Two students have the slug "Ann"',
    );
  });

  it('writes everything anew from an edited grades.csv, and again the same', async () => {
    const out = join(folder, 'import');
    await writeReports(classOf([student('Ann', 'ann')]), out);
    const csv = (await readFile(join(out, 'grades.csv'), 'utf8')).replace(/,\r\n$/, ',7.5\r\n');
    await importInto(out, { csv });
    const once = await files(out);
    expect(once['students/ann/feedback.html']).toContain('22.5 of 25 points');
    expect(once['class.html']).toContain('7.5 of 10');
    expect(JSON.parse(once['students/ann/results.json']!).score).toBe(22.5);
    await importInto(out, { csv: once['grades.csv']! });
    expect(await files(out)).toEqual(once);
  });

  it('changes no file where the CSV is refused', async () => {
    const out = join(folder, 'import');
    const before = await files(out);
    const csv = gradesCsv(classOf([student('Ann', 'bob')]));
    await expect(importInto(out, { csv })).rejects.toThrow('no student of this class has the slug "bob"');
    expect(await files(out)).toEqual(before);
  });

  it('says which folder to give where nothing was graded', async () => {
    await expect(importInto(folder, { csv: '' })).rejects.toThrow(
      /result\.json cannot be read\. Give the folder/,
    );
  });
});
