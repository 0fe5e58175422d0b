import { describe, expect, test } from 'vitest';
import { StudentError } from '../../kit/judge/runner/student-error.ts';
import { SourceMemory } from '../../kit/judge/source-memory.ts';

/** A file that fails to load in these ways, one after the other, and then loads. */
function file(...errors: Error[]) {
  const starts: boolean[] = [];
  const start = async (watched: boolean) => {
    starts.push(watched);
    const error = errors.shift();
    if (error) throw error;
    return 'loaded';
  };
  return { starts, start };
}

const trouble = (kind: StudentError['trouble']) => new StudentError(kind, `It is ${kind}.`);

describe('SourceMemory.load()', () => {
  test('does not load a file again that threw while it loaded', async () => {
    const memory = new SourceMemory();
    const { starts, start } = file(trouble('cannot load'));
    await expect(memory.load('a.ts', start)).rejects.toThrow('It is cannot load.');
    await expect(memory.load('a.ts', start)).rejects.toThrow('It is cannot load.');
    expect(starts).toEqual([false]);
    expect(await memory.load('b.ts', start)).toBe('loaded');
  });

  test('loads a file again whose process ended once, and not one whose process ended twice', async () => {
    const memory = new SourceMemory();
    const once = file(trouble('process ended'));
    await expect(memory.load('a.ts', once.start)).rejects.toThrow();
    expect(await memory.load('a.ts', once.start)).toBe('loaded');
    const twice = file(trouble('process ended'), trouble('process ended'));
    for (let i = 0; i < 3; i++) await expect(memory.load('b.ts', twice.start)).rejects.toThrow();
    expect(twice.starts.length).toBe(2);
  });

  test("does not take the judge's own failure for the file's", async () => {
    const memory = new SourceMemory();
    const { start } = file(new Error('EMFILE'));
    await expect(memory.load('a.ts', start)).rejects.toThrow('EMFILE');
    expect(await memory.load('a.ts', start)).toBe('loaded');
  });

  test('looks once more, with a watchdog, at a file that loops while it loads', async () => {
    const memory = new SourceMemory();
    const { starts, start } = file(trouble('endless loop'), trouble('endless loop'));
    await expect(memory.load('a.ts', start)).rejects.toThrow('It is endless loop.');
    await expect(memory.load('a.ts', start)).rejects.toThrow('It is endless loop.');
    expect(starts).toEqual([false, true]);
  });
});
