import { setTimeout as pause } from 'node:timers/promises';
import type { Claim } from '../claim.ts';
import type { FreshMachine } from './fresh-machine.ts';

/** Longer than any set-up takes, ms. */
const START_TIMEOUT_MS = 20 * 60_000;
/** How long the end after Ctrl-C may take, ms. */
const END_MS = 30_000;

/**
 * `npm start` until JupyterLab answers at the address that it prints, then Ctrl-C. The bare machine shares the network,
 * so that the address can be asked from here.
 */
export async function proveStart({ machine, options, lines, signal }: FreshMachine): Promise<Claim[]> {
  const begun = performance.now();
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(1);
  const command = machine.start('exec npm start -- --no-browser', options);
  let code: number | undefined;
  void command.ended.then((ended) => (code = ended));
  const address = () => lines.join('\n').match(/http:\/\/127\.0\.0\.1:\d+\/\S+token=\w+/)?.[0];
  const until = async (what: () => boolean, limitMs: number) => {
    const limit = performance.now() + limitMs;
    while (!what() && performance.now() < limit) await pause(100, undefined, { signal });
  };
  await until(() => address() !== undefined || code !== undefined, START_TIMEOUT_MS);
  const url = address();
  if (!url) {
    const ended = code === undefined ? `no address after ${seconds()} s` : `it ended with code ${code}`;
    return [
      {
        name: 'npm start sets up all that is missing',
        holds: false,
        detail: [ended, ...lines.slice(-15)].join('\n'),
      },
    ];
  }
  const status = await fetch(url, { signal }).then(
    (response) => `HTTP ${response.status}`,
    (error: Error) => error.message,
  );
  const reachable = {
    name: 'npm start: JupyterLab answers at the address that it prints',
    holds: status === 'HTTP 200',
    detail: `${status}, ${seconds()} s after the start`,
  };
  const pressed = performance.now();
  command.interrupt();
  await until(() => code !== undefined, END_MS);
  const took = ((performance.now() - pressed) / 1000).toFixed(1);
  return [
    reachable,
    {
      name: 'npm start ends on Ctrl-C',
      holds: code !== undefined,
      detail: `exit code ${code ?? 'none'}, after ${took} s`,
    },
  ];
}
