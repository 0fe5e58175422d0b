import { portIsFree } from '../../../kit/setup/port.ts';

/** A port of this machine that nobody listens on at this moment, another one for each process. */
export async function freePort(): Promise<number> {
  let port = 20_000 + (process.pid % 20_000);
  while (!(await portIsFree(port))) port++;
  return port;
}
