import { retryAfterSeconds } from '../shared/problem.ts';
import { askMysql } from './ask-mysql.ts';
import type { ShopContext } from './shop-context.ts';

/** How the shop is, for a monitor. */
export interface Health {
  /** `degraded`: reads go to MySQL. `down`: nothing can be changed. */
  status: 'ok' | 'degraded' | 'down';
  mysql: 'up' | 'down';
  redis: { state: 'in-sync' | 'behind' | 'syncing'; since: string; why: string | null };
}

/** @example await healthOf(shop) // { status: 'ok', mysql: 'up', redis: { state: 'in-sync', ... } } */
export async function healthOf({ mysql, sync }: ShopContext): Promise<Health> {
  const { state, since, why } = sync.status();
  const up = await askMysql(mysql.query('SELECT 1')).then(
    () => true,
    () => false,
  );
  return {
    status: !up ? 'down' : state === 'in-sync' ? 'ok' : 'degraded',
    mysql: up ? 'up' : 'down',
    redis: { state, since: since.toISOString(), why },
  };
}

/** What goes with the answer: 503 while MySQL is down. */
export function healthReply({ status }: Health): { code: number; headers: Record<string, string> } {
  if (status !== 'down') return { code: 200, headers: {} };
  return { code: 503, headers: { 'retry-after': String(retryAfterSeconds) } };
}
