import { type ProcessUsage, queuedMs } from './process-usage.ts';

/** Where the machine keeps this share of the time from whoever needs it, a time that is up says nothing of them. */
export const STRAINED = 0.25;

/**
 * Time that this machine kept from a process: no processor was free for it, or it was stopped. The first the system counts;
 * the second is found by looks, so look often while it matters.
 */
export class LostTime {
  #usage: () => ProcessUsage | undefined;
  #queued = 0;
  #kept = 0;
  #last: { at: number; usage: ProcessUsage } | undefined;

  constructor(usage: () => ProcessUsage | undefined) {
    this.#usage = usage;
  }

  /** Looks at the process; undefined where the system does not tell. */
  look(): ProcessUsage | undefined {
    const [at, usage] = [performance.now(), this.#usage()];
    const last = this.#last;
    this.#last = usage && { at, usage };
    if (!usage) return undefined;
    this.#queued = usage.queuedMs ?? 0;
    if (last) this.#kept += keptBetween(last, { at, usage });
    return usage;
  }

  /** All of it so far, ms; it only grows. */
  get ms(): number {
    this.look();
    return this.#queued + this.#kept;
  }
}

/** What of the time between two looks the process neither had nor waited for as the system counts it. */
function keptBetween(
  last: { at: number; usage: ProcessUsage },
  { at, usage }: { at: number; usage: ProcessUsage },
): number {
  const states = [last.usage.state, usage.state];
  // Without the system's count: ready at both looks, and hardly any processor time between them.
  const uncounted = usage.queuedMs === undefined && states.every((state) => state === 'ready');
  if (!states.includes('kept') && !uncounted) return 0;
  const had = usage.cpuMs - last.usage.cpuMs + (usage.queuedMs ?? 0) - (last.usage.queuedMs ?? 0);
  return Math.max(0, at - last.at - had);
}

/** The same of the judge's own process, which looks when its timers fire: one that fires late was kept from it. */
export class JudgeLostTime {
  #late = 0;

  /**
   * Begins a pause of so many ms; what it returns is to be called when the pause is over.
   *
   * @example
   * const over = judgeLost.pause(500);
   * setTimeout(() => { over(); judgeLost.ms }, 500);
   */
  pause(ms: number): () => void {
    const begun = performance.now();
    const had = ownTime();
    return () => {
      const late = performance.now() - begun - ms;
      // Late since it had much to do itself, or since no processor was free, which is counted already.
      if (late > 0) this.#late += Math.max(0, late - (ownTime() - had));
    };
  }

  /** All of it so far, ms; it only grows. */
  get ms(): number {
    return this.#late + (queuedMs('self') ?? 0);
  }
}

const ownTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + (queuedMs('self') ?? 0);
};

/** Of this process, which is the judge. */
export const judgeLost: JudgeLostTime = new JudgeLostTime();
