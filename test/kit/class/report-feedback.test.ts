import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { feedbackHtml } from '../../../kit/class/report/feedback-html.ts';
import { feedbackMarkdown } from '../../../kit/class/report/feedback-md.ts';
import { fence, inline, sentence } from '../../../kit/class/report/markdown.ts';
import { bounded, safeText } from '../../../kit/class/report/safe-text.ts';
import { catalog } from '../../../src/catalog.ts';
import { classOf, exampleClass } from './support/class-result.ts';

const result = exampleClass();
const of = (slug: string) => result.students.find((one) => one.slug === slug)!;
const both = (slug: string) => [feedbackHtml(of(slug), result), feedbackMarkdown(of(slug), result)];
/** Markdown as the most permissive host shows it. */
const rendered = (text: string) => new MarkdownIt({ html: true, linkify: true }).render(text);
/** What a reader sees of HTML. */
const text = (page: string) =>
  page
    .replaceAll(/<style>[\s\S]*?<\/style>|<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

describe('feedbackHtml() and feedbackMarkdown()', () => {
  it('say the points, the likely mistake, the values, the line and the wire view', () => {
    for (const page of [
      text(feedbackHtml(of('ann-lee'), result)),
      text(rendered(feedbackMarkdown(of('ann-lee'), result))),
    ]) {
      expect(page).toContain('3 of 15 points');
      expect(page).toContain('hset(key, fields) takes an object.');
      expect(page).toContain('(line 21)');
      expect(page).toContain("items_count: '0'");
      expect(page).toContain('HSET order:1 user_id 7');
      expect(page).toContain('adding order 2');
      expect(page).toContain("Type 'string' is not assignable");
      expect(page).toContain('No code and no terminal output illustrates the answer');
    }
  });

  it('say a line once, where the sentence names it', () => {
    for (const page of both('broken-bob')) expect(page).toMatch(/Line 14/);
    for (const page of both('broken-bob')) expect(page).not.toContain('(line 14)');
  });

  it('mark the lines of a value that differ', () => {
    const [html, markdown] = both('ann-lee');
    expect(html).toContain('<mark>items_count: &#39;2&#39;,</mark>');
    expect(markdown).toContain(">   items_count: '0',");
  });

  it('give the first hint of a lab that lost points, and no other', () => {
    const hints = (id: string) => catalog.find((lab) => lab.id === id)!.hints;
    const page = text(feedbackHtml(of('kim-10'), result)).replaceAll('`', '');
    expect(page).toContain(hints('01-initial-sync')[0]!.replaceAll('`', ''));
    expect(page).not.toContain(hints('03-hset-mapping')[0]!.replaceAll('`', ''));
    for (const later of hints('01-initial-sync').slice(1))
      expect(page).not.toContain(later.replaceAll('`', ''));
  });

  it('show what could not be judged as open, never as lost', () => {
    for (const page of both('kim-2').map((one, i) => text(i === 0 ? one : rendered(one)))) {
      expect(page).toContain('4 points could not be judged: neither earned nor lost.');
      expect(page).toContain('–/2');
      expect(page).not.toContain('0/2');
      expect(page).toContain('not gradable: This host');
      expect(page).toContain('infrastructure error: Redis went away');
      expect(page).not.toContain('Hint');
    }
  });

  it('name no other student, no folder of the machine and no hidden source', () => {
    for (const one of result.students) {
      for (const page of [feedbackHtml(one, result), feedbackMarkdown(one, result)]) {
        const shown = text(page);
        for (const other of result.students) {
          if (other !== one && other.slug !== '0042') expect(shown).not.toContain(other.student);
        }
        expect(shown).not.toMatch(/\/(tmp|home|root|work)\/|file:\/\/|other-student/);
      }
    }
  });

  it('list every check of the manifest, whatever ran', () => {
    const broken = structuredClone(of('zoe-muller'));
    broken.labs = broken.labs.slice(1);
    broken.labs[0]!.checks.pop();
    broken.labs[0]!.checks[0]!.points = 99;
    broken.labs[0]!.checks.push({
      id: '03.mine',
      title: 'mine',
      points: 99,
      maxPoints: 99,
      outcome: 'passed',
      durationMs: 0,
    });
    const page = text(feedbackHtml(broken, classOf([broken])));
    expect(page).toContain('6 of 15 points');
    expect(page).toContain('9 points could not be judged');
    expect(page).not.toContain('mine');
  });
});

describe('feedbackHtml()', () => {
  const page = feedbackHtml(of('script'), result);

  it('runs and fetches nothing, whatever a student wrote', () => {
    expect(page).not.toMatch(/<(script|img|iframe|object|embed|link|base|form)\b/i);
    expect(page).toMatch(
      /<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[^"]+; script-src &#39;none&#39;/,
    );
    expect(page).not.toMatch(/ (style|on[a-z]+)="/);
  });

  it('bounds what was printed, and shows what cannot be seen', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(60_000);
    expect(page).toContain('more characters …');
    expect(page).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    expect(page).toContain('\\u202egnp.exe');
  });
});

describe('feedbackMarkdown()', () => {
  it('lets nothing of a student’s out of its place', () => {
    const own = rendered(feedbackMarkdown(of('zoe-muller'), result)).match(/<h\d>/g);
    const html = rendered(feedbackMarkdown(of('script'), result));
    expect(html.match(/<h\d>/g)).toEqual(own);
    expect(html).not.toMatch(/<(script|img|details|a)\b/i);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it.each([
    '# a heading',
    '- a list',
    '1. a list',
    '> a quote',
    '***',
    '===',
    '---',
    '<b>bold</b>',
    '[x](http://x)',
    '![x](y)',
    'http://example.org',
    'www.example.org',
    '&copy;',
    '`a` `b',
    '``',
    'a | b',
    '~~~',
    ':::',
    '    code',
    '\\',
    '$x$',
  ])('shows %j as it is', (source) => {
    for (const make of [inline, sentence]) {
      const html = rendered(make(source));
      expect(html).toMatch(/^<p>[\s\S]*<\/p>\n$/);
      expect(html.replaceAll(/<\/?(p|code)>/g, '')).not.toMatch(/<[a-z]/);
    }
  });

  it.each(['```', '````js', '~~~', '`'.repeat(50), '```\n```text\n'])('fences %j', (source) => {
    const html = rendered(`${fence(source)}\n\nafter`);
    expect(html).toMatch(/^<pre><code class="language-text">[\s\S]*<\/code><\/pre>\n<p>after<\/p>\n$/);
  });
});

describe('safeText()', () => {
  it.each([
    ['at /tmp/storelab-x/zoe/labs/03-hset-mapping.ts:12:3', 'at …/labs/03-hset-mapping.ts:12:3'],
    ['file:///home/zoe/labs/01.ts', '…/labs/01.ts'],
    ['PATH=/usr/bin:/usr/local/bin', 'PATH=…/bin:…/bin'],
    ['(/data/class/zoe/answers/01.md)', '(…/answers/01.md)'],
    ['C:\\Users\\Zoe\\labs\\01.ts', '…/01.ts'],
    [
      'GET /orders/8/items of http://127.0.0.1:3000/orders',
      'GET /orders/8/items of http://127.0.0.1:3000/orders',
    ],
    ['labs/03.ts ./x.ts', 'labs/03.ts ./x.ts'],
    ['\x1b[1;31mred\x1b[0m \x1b]0;title\x07 \x07', 'red  \\x07'],
    ['a\u202eb\u200b\u2028', 'a\\u202eb\\u200b\\u2028'],
    ['\ud800 \uffff 🦊', '\ufffd \ufffd 🦊'],
  ])('makes %j harmless', (given, shown) => {
    expect(safeText(given)).toBe(shown);
  });

  it('takes 64 KB of anything in no time', () => {
    const pieces = [
      '/-',
      '/!.',
      '/tmp/',
      '\x1b[',
      '\x1b]',
      '\x1b]0;',
      '[',
      'a\\',
      'C:\\',
      '/a.',
      '\n ',
      '\u202e',
      '`',
    ];
    const began = performance.now();
    for (const piece of pieces) safeText(piece.repeat((64 * 1024) / piece.length));
    expect(performance.now() - began).toBeLessThan(3000);
  });
});

describe('bounded()', () => {
  it('keeps the beginning and the end, and says how much is missing', () => {
    expect(bounded('abcdefghij', 4)).toBe('abc\n… 6 more characters …\nj');
    expect(bounded('abcd', 4)).toBe('abcd');
  });
});
