import type { HeldRows } from './tap.ts';

/** A connection as the hold sees it. */
export interface RowsHolder {
  /** Deliver what is held. */
  release(): void;
}

interface Plan {
  holder: RowsHolder | undefined;
  settle(): void;
}

/** Replies with rows that are kept from their clients until the judge lets them go. */
export class RowsHold {
  #plans = new Set<Plan>();

  plan(): HeldRows {
    let settle: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const plan: Plan = { holder: undefined, settle };
    this.#plans.add(plan);
    return { reached, release: () => this.#end(plan) };
  }

  /** The server answered this connection with rows. */
  rowsFor(holder: RowsHolder): void {
    if (this.#plans.size === 0 || this.holds(holder)) return;
    const next = [...this.#plans].find((plan) => !plan.holder);
    if (!next) return;
    next.holder = holder;
    next.settle();
  }

  holds(holder: RowsHolder): boolean {
    for (const plan of this.#plans) if (plan.holder === holder) return true;
    return false;
  }

  clear(): void {
    for (const plan of this.#plans) this.#end(plan);
  }

  #end(plan: Plan): void {
    this.#plans.delete(plan);
    plan.holder?.release();
  }
}
