import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

/** Mistakes of the machine's that keep the contract. */
export const equivalents: readonly Equivalent[] = [
  {
    source: 'const replies = (await asking.exec()) ?? [];',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'exec() gives null only where a WATCH was broken, and nothing is watched.',
  },
  {
    source: 'for (const [error] of replies) if (error) throw error;',
    from: 'error',
    to: 'false',
    why: 'The contract names no errors; a generation that Redis did not take is refused by keepTagged().',
  },
  {
    source:
      'return JSON.stringify(Object.fromEntries(tags.map((tag, i) => [tag, replies[i]?.[1] ?? fresh])));',
    from: 'replies[i]?.[1]',
    to: 'replies[i][1]',
    why: 'There is a reply for each tag.',
  },
  {
    source: "const generations = tags.map((tag) => read[tag] ?? '');",
    from: "''",
    to: '"Stryker was here!"',
    why: 'Neither is a generation that was ever given.',
  },
  {
    source: "const json = JSON.stringify(value) ?? 'null';",
    from: "'null'",
    to: '""',
    why: 'Only undefined has no JSON, and the contract names no such value.',
  },
  {
    source: '} catch {',
    from: '{ return undefined; }',
    to: '{}',
    why: 'A function that returns nothing returns undefined.',
  },
  {
    source: "own.on('error', () => {}); // it connects again by itself, and says when it is back",
    from: "'error'",
    to: '""',
    why: 'ioredis only prints an error that nobody listens to.',
  },
  {
    source:
      "told = told.then(() => onEvent(event)).catch((error) => console.error('A listener failed:', error.message));",
    from: "(error) => console.error('A listener failed:', error.message)",
    to: '() => undefined',
    why: 'No contract names what is printed.',
  },
  {
    source:
      "told = told.then(() => onEvent(event)).catch((error) => console.error('A listener failed:', error.message));",
    from: "'A listener failed:'",
    to: '""',
    why: 'No contract names what is printed.',
  },
];
