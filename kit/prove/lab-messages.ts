import type { ServersDescription } from '../servers/servers.ts';
import type { Seen } from './before.ts';
import type { Claim } from './claim.ts';
import type { LabOptions } from './lab-proof.ts';

/** What the process that proves a lab once is told to do. */
export interface Order extends Pick<LabOptions, 'seed' | 'wrong' | 'checksOnly' | 'jupyter' | 'before'> {
  id: string;
  /** The servers of the watch, which outlive the process. */
  servers: ServersDescription;
}

/** What it is told: first its order; later, perhaps, to leave off. */
export type ToLab = { order: Order } | { stop: true };

/** What it tells: claims as they are known, parts as it saw them, and how it ended. */
export type FromLab = { claim: Claim } | { name: string; seen: Seen } | { fault: string } | { proved: true };
