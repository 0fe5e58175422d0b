import { readFileSync } from 'node:fs';
import { run } from './run-program.ts';

/** Windows under Linux: pages of the Linux side are opened by address, as Windows cannot read its temporary files. */
function onWsl(): boolean {
  try {
    return /microsoft/i.test(readFileSync('/proc/version', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Opens the person's browser; false where there is none, as on a machine reached by ssh.
 *
 * @param page a local page that leads to `url`, so that the token shows in no list of processes
 */
export async function openBrowser(url: string, { page }: { page: string }): Promise<boolean> {
  if (process.platform === 'darwin') return (await run('open', [page])).ok;
  // explorer.exe opens the address and answers 1 all the same.
  if (onWsl()) return !/ENOENT/.test((await run('explorer.exe', [url])).output);
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return false;
  return (await run('xdg-open', [page])).ok;
}
