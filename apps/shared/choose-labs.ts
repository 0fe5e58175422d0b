import { isTodo } from '../../kit/base/is-todo.ts';
import { deadline } from './deadline.ts';
import { LabFailed, LabNotSolved } from './lab-error.ts';
import { checkedResult } from './results.ts';
import { type LabFunction, type LoadedLab, labOf, type ShopLabs } from './shop-labs.ts';
import { isStub } from './stub.ts';

/** The labs that the shop runs on. */
export interface ChosenLabs {
  /** Every function throws LabNotSolved where it is a stub, and LabFailed where it threw or gave nonsense. */
  call: ShopLabs;
  /** The labs themselves, in order. */
  readonly labs: readonly LoadedLab[];
  /** The first of these functions that is not written yet. */
  missing(names: readonly LabFunction[]): LabNotSolved | undefined;
  /** Goes on with these, from the next call on: they were edited. */
  use(labs: readonly LoadedLab[]): Promise<void>;
}

/** Milliseconds that a function has to answer a request. The sync may take as long as it takes. */
const patience = 15_000;
const unhurried = new Set<LabFunction>(['startStoreManager', 'syncAllOrdersToRedis', 'rebuildSales']);

/**
 * Makes the labs safe to run a shop on: finds out which functions are stubs, without letting one near a server, and
 * names the lab in whatever goes wrong.
 *
 * @example const { call, missing } = await chooseLabs(loaded); missing(needs.addOrders)?.lab.id // '03-hset-mapping'
 */
export async function chooseLabs(chosen: readonly LoadedLab[]): Promise<ChosenLabs> {
  let labs: readonly LoadedLab[] = [];
  let stubs = new Map<LabFunction, LabNotSolved>();
  const call: Record<string, unknown> = {};
  const use = async (next: readonly LoadedLab[]) => {
    const nextStubs: typeof stubs = new Map();
    const nextCall: typeof call = {};
    for (const name of Object.keys(labOf) as LabFunction[]) {
      const lab = next.find(({ id }) => id === labOf[name]) ?? absent(labOf[name]);
      const fn = lab.exports[name];
      const written = typeof fn === 'function' ? (fn as (...args: unknown[]) => unknown) : undefined;
      const notSolved = new LabNotSolved(lab, name);
      if (!written || (await isStub(name, written))) nextStubs.set(name, notSolved);
      nextCall[name] = async (...args: unknown[]) => {
        if (!written) throw notSolved;
        try {
          return await named(lab, name, () => written(...args));
        } catch (error) {
          // A TODO further down in a function that begins well.
          if (error instanceof LabNotSolved) nextStubs.set(name, error);
          throw error;
        }
      };
    }
    [labs, stubs] = [next, nextStubs];
    Object.assign(call, nextCall);
  };
  await use(chosen);
  return {
    call: call as unknown as ShopLabs,
    get labs() {
      return labs;
    },
    missing: (names) => names.map((name) => stubs.get(name)).find((stub) => stub !== undefined),
    use,
  };
}

async function named(lab: LoadedLab, name: LabFunction, run: () => unknown): Promise<unknown> {
  const late = () => new LabFailed(lab, name, `did not answer within ${patience / 1000} s.`);
  const running = (async () => run())();
  running.catch(() => {});
  try {
    return checkedResult(name, await (unhurried.has(name) ? running : deadline(running, patience, late)));
  } catch (error) {
    if (error instanceof LabFailed || error instanceof LabNotSolved) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (isTodo({ message })) throw new LabNotSolved(lab, name);
    const what = message.startsWith('resolved to') ? message : `threw: ${message.slice(0, 300)}`;
    throw new LabFailed(lab, name, /[.!?]$/.test(what) ? what : `${what}.`, { cause: error });
  }
}

/** A lab that was not loaded. */
export function absent(id: string): LoadedLab {
  return {
    id,
    title: id,
    question: '',
    file: `labs/${id}.ts`,
    exports: {},
    problem: 'this edition does not hold it.',
  };
}
