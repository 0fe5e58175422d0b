import { afterEach, describe, expect, it } from 'vitest';
import { display, inNotebook, updatingDisplay } from '../../src/lab/display.ts';
import { progressBar } from '../../src/lab/progress.ts';
import { inNotebookFor, stdoutOf } from './support/notebook.ts';

describe('display()', () => {
  it('sends every form in one message in a notebook, plain text always', async () => {
    const messages = await inNotebookFor(() => {
      expect(inNotebook()).toBe(true);
      display({ text: 'two trips', html: '<b>2</b>', other: { 'application/json': '[2]' } });
    });
    expect(messages).toHaveLength(1);
    expect(messages[0]!.data).toEqual({
      'text/plain': 'two trips',
      'text/html': '<b>2</b>',
      'application/json': '[2]',
    });
  });

  it('writes the plain text elsewhere', async () => {
    expect(inNotebook()).toBe(false);
    expect(await stdoutOf(() => display({ text: 'two trips', html: '<b>2</b>' }))).toBe('two trips\n');
  });
});

describe('updatingDisplay()', () => {
  it('replaces what it showed, each place its own', async () => {
    const messages = await inNotebookFor(() => {
      const first = updatingDisplay();
      const second = updatingDisplay();
      first.show({ text: 'a' });
      second.show({ text: 'b' });
      first.done({ text: 'c' });
    });
    expect(messages.map(({ data, update }) => [data['text/plain'], update])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
    ]);
    const [a, b, c] = messages.map(({ transient }) => transient.display_id);
    expect(a).toBe(c);
    expect(a).not.toBe(b);
  });

  it('writes only the last into a pipe', async () => {
    const text = await stdoutOf(() => {
      const place = updatingDisplay();
      place.show({ text: '1 of 2' });
      place.done({ text: '2 of 2' });
    });
    expect(text).toBe('2 of 2\n');
  });
});

describe('updatingDisplay() in a terminal', () => {
  const { isTTY, columns } = process.stdout;

  afterEach(() => {
    Object.assign(process.stdout, { isTTY, columns });
  });

  it('goes back over every line that it wrote, wrapped ones too', async () => {
    Object.assign(process.stdout, { isTTY: true, columns: 20 });
    const text = await stdoutOf(() => {
      const place = updatingDisplay();
      place.show({ text: `${'x'.repeat(45)}\nshort` });
      place.done({ text: 'end' });
      place.show({ text: 'next' });
    });
    expect(text).toBe(`${'x'.repeat(45)}\nshort\n\x1b[4A\r\x1b[0Jend\nnext\n`);
  });
});

describe('progressBar()', () => {
  it('is one display that ends at what was done', async () => {
    const messages = await inNotebookFor(() => {
      const bar = progressBar(2000, 'Orders <1>');
      for (let done = 0; done <= 2000; done++) bar.to(done);
      bar.end();
      bar.end();
      bar.to(1);
    });
    expect(messages.length).toBeLessThan(20);
    const last = messages.at(-1)!.data;
    expect(last['text/plain']).toMatch(/^Orders <1> █{30} 2,000 of 2,000 \(100 %\), \d+\.\d s$/);
    expect(last['text/html']).toContain('Orders &lt;1&gt;');
    expect(last['text/html']).toContain('aria-valuenow="100"');
  });

  it('says how far it came where it ended early, and takes a total of 0', async () => {
    const text = await stdoutOf(() => {
      const bar = progressBar(100, 'Orders');
      bar.to(41);
      bar.end();
      progressBar(0, 'None').end();
    });
    expect(text).toContain(`Orders ${'█'.repeat(12)}${'░'.repeat(18)} 41 of 100 (41 %)`);
    expect(text).toContain('0 of 0 (100 %)');
  });
});
