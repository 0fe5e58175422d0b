import type { Environment } from './environment.ts';
import { type Handle, labHandle, type SharedByHandles } from './lab-handle.ts';
import type { TimeLimit } from './time-limit.ts';

/** The student's functions for one check, and what the judge asks when it is over. */
export function labControls<Lab>(
  env: Environment,
  { source, labId, time }: { source: string; labId: string; time: TimeLimit },
) {
  time.beginCheck();
  const shared: SharedByHandles = { env, source, labId, time, inFlight: 0, begun: 0, another };
  const first = labHandle<Lab>(shared, { at: 0, schema: env.schema });
  const handles: Handle<Lab>[] = [first];
  let started: Promise<unknown> | undefined;

  async function another(schema: string) {
    const handle = labHandle<Lab>(shared, { at: handles.length, schema });
    handles.push(handle);
    // The first comes first: the first start of a submission gives the student's MySQL user a new password.
    started ??= first.ready();
    time.left(); // throws where nothing is
    await started.then(() => handle.ready());
    return handle.lab;
  }

  return {
    lab: first.lab,
    async settled(): Promise<void> {
      for (const handle of handles) await handle.settled();
    },
    takeOutput: () => handles.map((handle) => handle.takeOutput()).join(''),
  };
}
