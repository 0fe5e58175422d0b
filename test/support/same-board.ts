import type { ExpectStatic } from '@vitest/expect';
import { fieldOf, recordsOf } from '../../kit/judge/shapes.ts';
import type { LeaderboardRow } from '../../src/contracts/leaderboard.ts';

/** What to tell where a leaderboard is wrong: one sentence for each way in which it may be. */
export interface WhatBoardsSay {
  /** Begins each sentence: `loadLeaderboard()`. */
  name: string;
  /** Where a player is missing, stands there twice or has another sum. */
  sums: string;
  /** Where all sums are right, and do not fall from row to row. */
  order: string;
  /** Where players of one sum stand in another order. */
  ties: string;
  /** Where a rank or a login is another. */
  rows: string;
}

const sumOf = (row: object) => ({ playerId: fieldOf(row, 'playerId'), earned: fieldOf(row, 'earned') });
const byPlayer = (rows: readonly object[]) =>
  rows.map(sumOf).toSorted((a, b) => Number(a.playerId) - Number(b.playerId));

/**
 * That a leaderboard is the right one: sums first, then their order, then what stands beside them, as each is a mistake of
 * its own.
 *
 * @throws what `expect` throws, and CheckFailed where it is no list of objects.
 * @example sameBoard(expect, await lab.loadLeaderboard({ limit: 50 }), sales.board(), { name: 'loadLeaderboard()', ... });
 */
export function sameBoard(
  expect: ExpectStatic,
  got: unknown,
  board: readonly LeaderboardRow[],
  { name, sums, order, ties, rows }: WhatBoardsSay,
): void {
  const list = recordsOf(got, `What ${name} gives`);
  expect(byPlayer(list), `${name}, here by player: ${sums}`).toEqual(byPlayer(board));
  const earned = (some: readonly object[]) => some.map((row) => fieldOf(row, 'earned'));
  expect(earned(list), `${name}: ${order}`).toEqual(earned(board));
  expect(list.map(sumOf), `${name}: ${ties}`).toEqual(board.map(sumOf));
  expect(list, `${name}: ${rows}`).toEqual(board);
}
