import { Refused } from './refused.ts';

const setup = new Set([
  'HELLO',
  'AUTH',
  'SELECT',
  'CLIENT',
  'READONLY',
  'READWRITE',
  'QUIT',
  'RESET',
  'COMMAND',
]);
/** What `CLIENT` can do that is part of the work at hand, not of setting a connection up: who tracks keys reads them. */
const clientWork = new Set(['TRACKING', 'CACHING']);
const blocking = new Set(
  'BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF MONITOR'.split(' '),
);
const subscriptions = new Set(
  'SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE'.split(' '),
);
const messages = new Set(['message', 'pmessage', 'smessage']);

/** What kind of command this is, from its name and its first arguments. */
export interface CommandKind {
  setup: boolean;
  blocking: boolean;
  subscription: boolean;
}

/**
 * Classifies a Redis command.
 *
 * @throws Refused for one whose replies cannot be matched to requests.
 * @example commandKind('BLPOP', ['queue', '0']).blocking // true
 */
export function commandKind(name: string, args: readonly string[]): CommandKind {
  const first = args[0]?.toUpperCase();
  if (name === 'CLIENT' && first === 'REPLY')
    throw new Refused('CLIENT REPLY leaves replies out, so they cannot be counted');
  if (name === 'SYNC' || name === 'PSYNC')
    throw new Refused(`${name} starts replication, which cannot be counted`);
  const subscription = subscriptions.has(name);
  return {
    setup: setup.has(name) && !(name === 'CLIENT' && clientWork.has(first ?? '')),
    blocking: subscription || blocking.has(name) || (name.startsWith('XREAD') && hasBlock(args)),
    subscription,
  };
}

function hasBlock(args: readonly string[]): boolean {
  for (const arg of args) {
    const option = arg.toUpperCase();
    if (option === 'BLOCK') return true;
    if (option === 'STREAMS') return false;
  }
  return false;
}

/** Whether a value that begins with this text is a published message. */
export function isMessage(first: string | undefined): boolean {
  return first !== undefined && messages.has(first);
}

/** Whether a value that begins with this text confirms a subscription, or its end. */
export function isConfirmation(first: string | undefined): boolean {
  return first !== undefined && subscriptions.has(first.toUpperCase());
}
