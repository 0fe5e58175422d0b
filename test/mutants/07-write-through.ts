import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const said = `console.warn(\`\${keyOf(playerId)} could not be kept: \${(error as Error).message}\`);`;

export const equivalents: readonly Equivalent[] = [
  {
    source: '} catch (error) {',
    from: `{ ${said} }`,
    to: '{}',
    why: 'Whether a failure of the cache is said on the console is the own business of whoever writes it.',
  },
  {
    source: said,
    from: `\`\${keyOf(playerId)} could not be kept: \${(error as Error).message}\``,
    to: '``',
    why: "The words on the console are nobody else's business.",
  },
  {
    source: `if (result.affectedRows === 0) throw new NoSuchPlayer(\`There is no player \${playerId}: nothing was saved.\`);`,
    from: `\`There is no player \${playerId}: nothing was saved.\``,
    to: '``',
    why: 'The contract names the error, not its words.',
  },
  {
    source: "const value = JSON.parse(text ?? '');",
    from: "''",
    to: '"Stryker was here!"',
    why: 'Neither is JSON, which is all that is asked of it.',
  },
  {
    source: "return typeof value?.version === 'number' ? value : undefined;",
    from: 'value?.version',
    to: 'value.version',
    why: 'The error of null is caught two lines below, and means the same.',
  },
  {
    source: '} catch {',
    from: '{ return undefined; }',
    to: '{}',
    why: 'A function that ends without a return gives undefined.',
  },
  {
    source: 'const held = profileIn(await redis.get(keyOf(playerId)).catch(() => null));',
    from: '() => null',
    to: '() => undefined',
    why: 'Both are no text.',
  },
];
