import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersPage } from '../../../kit/class/written/page.ts';
import { renderAnswer } from '../../../kit/class/written/render.ts';

const tags = (html: string) => [...html.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, name]) => name!);
const harmless =
  'p a span em strong s code pre ul ol li blockquote hr br h1 h2 h3 h4 h5 h6 div table thead tbody tr th td'.split(
    ' ',
  );

describe('renderAnswer()', () => {
  it.each([
    ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n'],
    ['[a](https://b.c)', '<p><a href="https://b.c" rel="noopener noreferrer">a</a></p>\n'],
    ['[a](mailto:b@c.d)', '<p><a href="mailto:b@c.d" rel="noopener noreferrer">a</a></p>\n'],
    ['[a](javascript:alert(1))', '<p>[a](javascript:alert(1))</p>\n'],
    ['[a](file:///etc/passwd)', '<p>[a](file:///etc/passwd)</p>\n'],
    ['[a](//evil.example/x)', '<p><span class="dead-link">a</span></p>\n'],
    ['[a](../labs/x.ts "title")', '<p><span class="dead-link">a</span></p>\n'],
    [
      '![a](https://b.c/d.png)',
      '<p><a class="picture" href="https://b.c/d.png" rel="noopener noreferrer">[picture: a]</a></p>\n',
    ],
    ['![<b>](x.png)', '<p><span class="picture">[picture: &lt;b&gt;]</span></p>\n'],
    ['![](data:image/png;base64,AAAA)', '<p>![](data:image/png;base64,AAAA)</p>\n'],
    [
      '[![a](http://b/c.png)](http://d)',
      '<p><a href="http://d" rel="noopener noreferrer"><span class="picture">[picture: a]</span></a></p>\n',
    ],
    ['```"><img src=x>\n<b>\n```', '<pre class="code"><code>&lt;b&gt;\n</code></pre>\n'],
    [
      '```ts\nconst a = 1;\n```',
      '<pre class="code"><code><span class="hljs-keyword">const</span> a = <span class="hljs-number">1</span>;\n</code></pre>\n',
    ],
    ['# a\n###### b', '<h1>a</h1>\n<h6>b</h6>\n'],
    ['a\n<!-- b -->\nc', '<p>a</p>\n<p>c</p>\n'],
    ['<!-- b\n\n# c\n-->\nd', '<p>d</p>\n'],
    ['a <!-- b --> c', '<p>a  c</p>\n'],
    ['a <!-- b', '<p>a &lt;!-- b</p>\n'],
    ['<!-- b\nc', '<p>&lt;!-- b\nc</p>\n'],
    ['<!-- <script> --> <b>', '<p> &lt;b&gt;</p>\n'],
    ['`<!-- b -->`', '<p><code>&lt;!-- b --&gt;</code></p>\n'],
    ['See[^1].\n\n[^1]: Redis', '<p>See[^1].</p>\n<p>[^1]: Redis</p>\n'],
    ['[a][b]\n\n[b]: https://c.d', '<p><a href="https://c.d" rel="noopener noreferrer">a</a></p>\n'],
  ])('of %s is safe', (markdown, html) => {
    expect(renderAnswer(markdown)).toBe(html);
  });

  it('moves headings down', () => {
    expect(renderAnswer('# a\n\n##### b', { shift: 2 })).toBe('<h3>a</h3>\n<h6>b</h6>\n');
  });

  it('lets nothing through that runs or loads, whatever is written', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<script>',
        '<img src=x onerror=y>',
        '<a href="javascript:x">',
        '[a](',
        ')',
        '![',
        '](',
        'javascript:x',
        'JAVA&#x73;cript:x',
        'http://a"onmouseover="x',
        '```',
        '```ts\n',
        '\n\n',
        '&lt;',
        '"',
        "'",
        '> ',
        '# ',
        '|a|b|\n|-|-|\n',
        '<http://a>',
        '[a]: javascript:x\n',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const html = renderAnswer(pieces.join(''), { shift: 2 });
        for (const tag of tags(html)) expect(harmless).toContain(tag);
        for (const [, attributes] of html.matchAll(/<[a-z][a-z0-9]*((?:\s+[a-z-]+="[^"]*")*)\s*>/g)) {
          for (const [, name, value] of attributes!.matchAll(/([a-z-]+)="([^"]*)"/g)) {
            expect(['href', 'rel', 'class', 'title', 'style', 'start']).toContain(name);
            if (name === 'href') expect(value).toMatch(/^(https?:|mailto:)/i);
            if (name === 'style') expect(value).toMatch(/^text-align:(left|center|right)$/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes little time for what is made to take long', () => {
    const size = 256 * 1024;
    const fill = (text: string) => text.repeat(Math.ceil(size / text.length)).slice(0, size);
    const start = process.cpuUsage();
    for (const text of [
      '[',
      '![',
      '*a_ ',
      '> ',
      '`',
      '<!-- ',
      '<!--\n',
      '[a](<b',
      '- ',
      `\`\`\`ts\n${'a'.repeat(20_000)}\n\`\`\`\n`,
    ])
      renderAnswer(fill(text));
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});

describe('answersPage()', () => {
  const answer = (lab: string, markdown: string) => ({
    lab,
    title: 'Title',
    markdown,
    file: `answers/${lab}.md`,
    path: `/nowhere/answers/${lab}.md`,
  });
  const page = (...markdowns: string[]) =>
    answersPage(
      markdowns.map((text, i) => answer(`0${i + 1}-lab`, text)),
      { title: 'All <b>', from: '/nowhere', embed: true },
    );

  it('needs no script and nothing from elsewhere', () => {
    const { html } = page('# A\n\n![x](https://a.b/c.png)\n\n<script>');
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    expect(html).not.toMatch(/<script|<link|<img|src="http|url\(/);
    expect(html).toContain('<title>All &lt;b&gt;</title>');
  });

  it('leads from the contents to every answer and heading, and within and between answers', () => {
    const { html, links } = page(
      '# One\n\n## Ça va?\n\n## Same\n\n## Same\n\n[x](#same-1) [y](02-lab.md) [z](02-lab.md#deep) [w](#%C3%A7a-va)',
      '# Two\n\n### Deep\n\n[up](./01-lab.md#one)',
    );
    expect(links.broken).toEqual([]);
    const ids = new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    const targets = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    expect(targets).toHaveLength(2 + 4 + 5);
    for (const target of targets) expect(ids).toContain(target);
  });

  it('names each link that leads nowhere with its line, and lists the web without asking it', () => {
    const { links } = page(
      '# One\n\nText\n[a](#nowhere)\n[b](../labs/none.ts)\n\n| x |\n|---|\n| [c](03-lab.md) |\n\n![d](none.png) [e](/etc/passwd)',
      '# Two\n\n[f](01-lab.md#gone) [g](https://a.b/c) <https://a.b/c>',
    );
    expect(links.broken.map(({ file, line, what }) => `${file}:${line}: ${what}`)).toEqual([
      'answers/01-lab.md:4: the link to "#nowhere" leads to no heading',
      'answers/01-lab.md:5: the link to "../labs/none.ts" leads to no file',
      'answers/01-lab.md:9: the link to "03-lab.md" leads to no file',
      'answers/01-lab.md:11: the picture "none.png" is not there',
      'answers/01-lab.md:11: the link to "/etc/passwd" is neither an address of the web nor a file beside the answer',
      'answers/02-lab.md:3: the link to "01-lab.md#gone" leads to no heading',
    ]);
    expect(links.web).toEqual(['https://a.b/c']);
  });
});
