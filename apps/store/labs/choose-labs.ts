import { LabNotSolved } from '../../shared/lab-error.ts';
import { labFunction } from '../../shared/lab-function.ts';
import { type LoadedLab, labOfId } from '../../shared/loaded-lab.ts';
import { resultShapes } from './result-shapes.ts';
import { type LabFunction, labOf, type ShopLabs } from './shop-labs.ts';
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

/** The sync may take as long as it takes. */
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
      const lab = labOfId(next, labOf[name]);
      const written = lab.exports[name];
      if (typeof written !== 'function' || (await isStub(name, written as (...args: unknown[]) => unknown)))
        nextStubs.set(name, new LabNotSolved(lab, name));
      const run = labFunction<(...args: unknown[]) => Promise<unknown>>(lab, name, {
        shape: resultShapes[name],
        unhurried: unhurried.has(name),
      });
      nextCall[name] = (...args: unknown[]) =>
        run(...args).catch((error) => {
          // A TODO further down in a function that begins well.
          if (error instanceof LabNotSolved) nextStubs.set(name, error);
          throw error;
        });
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
