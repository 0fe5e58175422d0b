import type { Equivalent } from '../../kit/prove/mutants/equivalents.ts';

const isRefusal =
  "return error instanceof Refused || error.errno === 3819 || /^(22|23|45)/.test(error.sqlState ?? '');";

export const equivalents: readonly Equivalent[] = [
  {
    source: "const LOG = 'write-behind:log';",
    from: "'write-behind:log'",
    to: '""',
    why: 'How changes are kept in Redis, and under what name, is free.',
  },
  {
    source: "const PENDING = 'write-behind:pending';",
    from: "'write-behind:pending'",
    to: '""',
    why: 'How changes are kept in Redis, and under what name, is free.',
  },
  {
    source: 'await connection.rollback().catch(() => connection.destroy());',
    from: '() => connection.destroy()',
    to: '() => undefined',
    why: 'A rollback fails where the connection is lost, and mysql2 gives a lost one to nobody again.',
  },
  {
    source: isRefusal,
    from: 'error.errno === 3819',
    to: 'false',
    why: "MySQL's number for a CHECK: MariaDB says 23000, and there it is seen by that. In containers a check fails it.",
  },
  {
    source: isRefusal,
    from: "''",
    to: '"Stryker was here!"',
    why: 'Neither begins as the state of a refusal does.',
  },
  {
    source: "const REFUSED = 'inventory.refused';",
    from: "'inventory.refused'",
    to: '""',
    why: 'Where refusals are kept, and under what name, is free.',
  },
  {
    source: "const policy = /maxmemory_policy:(\\S+)/.exec(await redis.info('memory'))?.[1];",
    from: "/maxmemory_policy:(\\S+)/.exec(await redis.info('memory'))?.[1]",
    to: "/maxmemory_policy:(\\S+)/.exec(await redis.info('memory'))[1]",
    why: 'Each Redis has that line in INFO memory.',
  },
  {
    source:
      'const told = `Redis may evict accepted changes (maxmemory-policy ${policy}): give the queue one with noeviction.`;',
    from: '`Redis may evict accepted changes (maxmemory-policy ${policy}): give the queue one with noeviction.`',
    to: '``',
    why: 'The contract names the error, not its words.',
  },
];
