import { type Browser, chromium } from 'playwright-core';
import { rootFolder } from '../../../kit/base/root.ts';
import { findProgram } from '../../../kit/servers/local/binaries.ts';
import { hasApt, planApt, runApt } from '../../../kit/setup/apt.ts';

/** Quiet, and at work in a container too: nothing is fetched that the page does not ask for. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-color-profile=srgb',
];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Starts a headless Chromium of the machine; where none is on PATH, Debian's package is installed.
 *
 * @throws Error, SetupFailed with the next command where none can be had.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findProgram(names) ?? (await install());
  return chromium.launch({ executablePath, args: flags });
}

async function install(): Promise<string> {
  if (await hasApt()) {
    const plan = await planApt(['chromium'], 'the browser test drives');
    console.log(`  System-wide install: ${plan.what}\n    ${plan.commands.join('\n    ')}`);
    await runApt(plan, { tell: () => {} });
  }
  const found = findProgram(names);
  if (found) return found;
  throw new Error(
    `No Chromium is on PATH, which the browser test in ${rootFolder()} drives. Install chromium or Google Chrome, then run this again.`,
  );
}
