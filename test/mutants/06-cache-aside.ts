import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const lost = 'lost: pause(waitMs, undefined, { ref: false }).then(leave),';
const nothing = "const loaded = { text: 'null', ttlMs: 0 };";

export const equivalents: readonly Equivalent[] = [
  {
    source: lost,
    from: '{ ref: false }',
    to: '{}',
    why: 'Whether a timer keeps a process alive that has nothing else to do is in no contract.',
  },
  {
    source: lost,
    from: 'false',
    to: 'true',
    why: 'Whether a timer keeps a process alive that has nothing else to do is in no contract.',
  },
  {
    source: "const found = await keptOrMine(redis, key, lease).catch(() => 'no Redis' as const);",
    from: "() => 'no Redis' as const",
    to: '() => undefined',
    why: "Neither is a text that was found, nor 'mine'.",
  },
  {
    source: nothing,
    from: "{ text: 'null', ttlMs: 0 }",
    to: '{}',
    why: 'Where load fails the lease is given back before the script stumbles over the empty time to live.',
  },
  {
    source: nothing,
    from: "'null'",
    to: '""',
    why: 'With a time to live of 0 no text is kept.',
  },
  {
    source: "if (found === 'mine') await finish(redis, key, lease, loaded).catch(() => {});",
    from: "found === 'mine'",
    to: 'true',
    why: 'Without the lease the script keeps the value only where there is none, which the contract allows.',
  },
  {
    source: 'if (mine) await finish(redis, key, lease, { text, ttlMs: 0 });',
    from: 'mine',
    to: 'true',
    why: 'The script itself looks whose the lease is.',
  },
  {
    source: "JSON.parse(text ?? '');",
    from: "''",
    to: '"Stryker was here!"',
    why: 'Neither is JSON, which is all that is asked of it.',
  },
  {
    source: '} catch {',
    from: '{ return false; }',
    to: '{}',
    why: 'A function that ends without a return gives undefined, which is no more true than false.',
  },
];
