import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folder = new URL('../load/', import.meta.url);

/** What autocannon says of one run; latencies in ms. */
export interface LoadResult {
  latency: { average: number; p50: number; p99: number };
  requests: { average: number; total: number };
  non2xx: number;
  errors: number;
  timeouts: number;
}

export interface LoadOptions {
  url: string;
  connections: number;
  /** s */
  duration: number;
  requests: readonly { method: string; path: string; headers?: Record<string, string>; body?: string }[];
}

/** autocannon, from a folder of its own beside the benches: installed here the first time, never by `npm start`. */
export async function installLoad(): Promise<(options: LoadOptions) => Promise<LoadResult>> {
  const installed = new URL('node_modules/autocannon/autocannon.js', folder);
  if (!existsSync(installed))
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: 'inherit' });
  return (await import(installed.href)).default;
}
