/** The most that a student's code may keep on the heap, MB. */
export const HEAP_MB = 384;

/** Flags that V8's compiled code depends on: the same wherever the runner is loaded. */
export const commonFlags = [
  '--enable-source-maps',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=SecurityWarning',
  `--max-old-space-size=${HEAP_MB}`,
  // A runner lives for a moment: to collect its garbage early costs it an eighth of its processor time.
  '--initial-old-space-size=256',
  '--min-semi-space-size=16',
];

export interface PermissionOptions {
  /** Files or folders (`/lab/*`) that may be read. */
  read: readonly string[];
  write?: readonly string[];
  /** Whether a thread may be started. */
  threads: boolean;
}

/**
 * Node's permission model: no child process, no addon, no file but these. A thread and the inspector are allowed for the
 * watchdog alone; `main.ts` gives the right to threads back before it loads a student's file, as a thread escapes the model.
 *
 * @example permissionFlags({ read: ['/lab/*'], threads: true }) // ['--permission', '--allow-fs-read=/lab/*', '--allow-worker', ...]
 */
export function permissionFlags({ read, write = [], threads }: PermissionOptions): string[] {
  const known = process.allowedNodeEnvironmentFlags;
  return [
    '--permission',
    ...read.map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
    ...(threads ? ['--allow-worker', '--allow-inspector'] : []).filter((flag) => known.has(flag)),
    // Node 25 and later ask for it: the runner's sockets.
    ...['--allow-net'].filter((flag) => known.has(flag)),
  ];
}
