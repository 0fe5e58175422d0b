import type { Reply, Request } from './protocol-session.ts';
import type { Stall } from './tap.ts';

interface Plan {
  /** Commands to come, or `rows`: the next reply that brings any. */
  left: number | 'rows';
  executed: boolean;
  request: Request | undefined;
  /** Lets go what the connection withholds; nothing before that. */
  letGo: () => void;
  happened(command: string): void;
}

/** The commands of one tap that stand still until the judge lets them go. */
export class Stalls {
  #plans = new Set<Plan>();

  plan(commands: number | 'rows', { executed }: { executed: boolean }): Stall {
    let settle: (command: string) => void = () => {};
    const happened = new Promise<string>((resolve) => {
      settle = resolve;
    });
    const plan: Plan = { left: commands, executed, request: undefined, letGo: () => {}, happened: settle };
    this.#plans.add(plan);
    return { happened, release: () => this.#release(plan) };
  }

  /** A counted command arrived: is it to wait here, before the server? */
  arrived({ request, letGo }: { request: Request; letGo: () => void }): boolean {
    let waits = false;
    for (const plan of this.#plans) {
      if (plan.request || plan.left === 'rows' || --plan.left > 0) continue;
      plan.request = request;
      if (plan.executed) continue;
      waits = true;
      this.#happens(plan, letGo);
    }
    return waits;
  }

  /** The server answered a request: is the reply to wait here, before the client? */
  answered({ request, reply, letGo }: { request: Request; reply: Reply; letGo: () => void }): boolean {
    const forRows = [...this.#plans].find((plan) => plan.left === 'rows' && !plan.request);
    if (forRows && reply.rows > 0) forRows.request = request;
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
