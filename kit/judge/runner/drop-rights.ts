/** A right of Node's permission model can be given back, but not taken again. */
type Permission = { drop?(right: string): void };

/**
 * Takes from this process what Node's permission model leaves it: threads, which would escape the model, and signals to
 * other processes. Called before a student's file is loaded. Inside a sandbox there is no other process to signal;
 * without one the judge is within reach.
 */
export function dropRights(): void {
  (process as { permission?: Permission }).permission?.drop?.('worker');
  const inner = process as unknown as Record<string, unknown>;
  const kill = inner._kill as (pid: number, signal: number) => number;
  inner._kill = (pid: number, signal: number): number => {
    if (pid === process.pid) return kill(pid, signal);
    throw Object.assign(new Error('Access to this API has been restricted: there is no --allow-kill.'), {
      code: 'ERR_ACCESS_DENIED',
    });
  };
  Reflect.deleteProperty(process, '_debugProcess');
}
