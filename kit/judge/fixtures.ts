import type { World } from '../../src/catalog.ts';
import { worlds } from '../../src/worlds/index.ts';

const fixtures = new Map<World, string>();

/** What puts the rows of a world back, made when it is first asked for. */
export function fixtureOf(world: World): string {
  const made = fixtures.get(world) ?? worlds[world].fixture();
  fixtures.set(world, made);
  return made;
}
