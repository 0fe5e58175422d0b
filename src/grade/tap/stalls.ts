import type { Request } from './session.ts';
import type { Stall } from './tap.ts';

interface Plan {
  left: number;
  executed: boolean;
  request: Request | undefined;
  /** Lets go what the connection withholds; nothing before that. */
  letGo: () => void;
  happened(command: string): void;
}

/** The commands of one tap that stand still until the judge lets them go. */
export class Stalls {
  #plans = new Set<Plan>();

  plan(commands: number, { executed }: { executed: boolean }): Stall {
    let settle: (command: string) => void = () => {};
    const happened = new Promise<string>((resolve) => {
      settle = resolve;
    });
    const plan: Plan = { left: commands, executed, request: undefined, letGo: () => {}, happened: settle };
    this.#plans.add(plan);
    return { happened, release: () => this.#release(plan) };
  }

  /** A counted command arrived: is it to wait here, before the server? */
  arrived(request: Request, letGo: () => void): boolean {
    let waits = false;
    for (const plan of this.#plans) {
      if (plan.request || --plan.left > 0) continue;
      plan.request = request;
      if (plan.executed) continue;
      waits = true;
      this.#happens(plan, letGo);
    }
    return waits;
  }

  /** The server answered a request: is the reply to wait here, before the client? */
  answered(request: Request, letGo: () => void): boolean {
    const plans = [...this.#plans].filter((plan) => plan.executed && plan.request === request);
    for (const plan of plans) this.#happens(plan, letGo);
    return plans.length > 0;
  }

  clear(): void {
    for (const plan of this.#plans) this.#release(plan);
  }

  #happens(plan: Plan, letGo: () => void): void {
    plan.letGo = letGo;
    plan.happened(`${plan.request!.name} ${plan.request!.text}`.trim());
  }

  #release(plan: Plan): void {
    this.#plans.delete(plan);
    plan.letGo();
  }
}
