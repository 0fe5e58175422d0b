import type { Request } from './protocol-session.ts';
import type { Cut, PlannedCut } from './tap.ts';

/** So long a cut waits for the server to answer what it was sent. */
const ANSWER_MS = 2000;

interface Plan {
  left: number;
  executed: boolean;
  request: Request | undefined;
  timer: NodeJS.Timeout | undefined;
  settle(cut: Cut): void;
}

/** The faults of one tap: connections refused, and the cut. */
export class Faults {
  #refusals = 0;
  #plan: Plan | undefined;
  #down = false;
  #cut: () => void;
  #freeze: () => void;
  #unanswered: () => Request[];

  /** `freeze` stops all traffic, `cut` closes all connections, `unanswered` is what servers owe a reply to. */
  constructor(given: { freeze: () => void; cut: () => void; unanswered: () => Request[] }) {
    this.#freeze = given.freeze;
    this.#cut = given.cut;
    this.#unanswered = given.unanswered;
  }

  refuse(n: number): void {
    this.#refusals = n;
  }

  /** Whether no refusal stands, and no cut. */
  get none(): boolean {
    return this.#refusals <= 0 && !this.#plan?.request && !this.#down;
  }

  /** Whether a connection that just came is to be closed. */
  refuses(): boolean {
    if (this.#down || this.#plan?.request) return true;
    if (this.#refusals <= 0) return false;
    this.#refusals -= 1;
    return true;
  }

  plan(commands: number, { executed }: { executed: boolean }): PlannedCut {
    this.clear();
    let settle: (cut: Cut) => void = () => {};
    const happened = new Promise<Cut>((resolve) => {
      settle = resolve;
    });
    const plan: Plan = { left: commands, executed, request: undefined, timer: undefined, settle };
    this.#plan = plan;
    return {
      happened,
      restore: () => {
        if (this.#plan === plan) this.#plan = undefined;
        this.#down = false;
      },
    };
  }

  /** A counted command arrived: may it pass? */
  arrived(request: Request): 'forward' | 'last' | 'drop' {
    const plan = this.#plan;
    if (!plan || --plan.left > 0) return 'forward';
    plan.request = request;
    this.#freeze();
    plan.timer = setTimeout(() => this.#fall(plan), ANSWER_MS);
    setImmediate(() => this.#fallWhenAnswered());
    return plan.executed ? 'last' : 'drop';
  }

  /** The server answered a request. */
  answered(): void {
    if (this.#plan?.request) this.#fallWhenAnswered();
  }

  clear(): void {
    clearTimeout(this.#plan?.timer);
    this.#plan = undefined;
    this.#refusals = 0;
    this.#down = false;
  }

  /** The server has carried out all that it was sent: what is in it does not depend on the moment of the cut. */
  #fallWhenAnswered(): void {
    const plan = this.#plan;
    if (!plan?.request) return;
    const owed = this.#unanswered().some(
      (request) => !request.blocking && !request.setup && (plan.executed || request !== plan.request),
    );
    if (!owed) this.#fall(plan);
  }

  #fall(plan: Plan): void {
    clearTimeout(plan.timer);
    if (this.#plan === plan) this.#plan = undefined;
    this.#down = true;
    this.#cut();
    plan.settle({ command: `${plan.request?.name} ${plan.request?.text}`.trim(), executed: plan.executed });
  }
}
