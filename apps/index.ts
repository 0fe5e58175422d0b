import { marketApp } from './market/app.ts';
import type { App } from './shared/app.ts';
import { storeApp } from './store/app.ts';

/** The applications that `./lab serve` opens. A new one is a folder beside these and a line here. */
export const apps: readonly App[] = [storeApp, marketApp];
