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

/** One reply with rows that is kept from its client until the judge lets it go. */
export class RowsHold {
  #plan: Plan | undefined;

  plan(): HeldRows {
    this.clear();
    let settle: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const plan: Plan = { holder: undefined, settle };
    this.#plan = plan;
    return {
      reached,
      release: () => {
        if (this.#plan === plan) this.clear();
      },
    };
  }

  /** The server answered this connection with rows. */
  rowsFor(holder: RowsHolder): void {
    if (!this.#plan || this.#plan.holder) return;
    this.#plan.holder = holder;
    this.#plan.settle();
  }

  holds(holder: RowsHolder): boolean {
    return this.#plan?.holder === holder;
  }

  clear(): void {
    const { holder } = this.#plan ?? {};
    this.#plan = undefined;
    holder?.release();
  }
}
