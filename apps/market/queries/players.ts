import type { Pool, RowDataPacket } from 'mysql2/promise';
import type { LeaderboardRow } from '../../../src/contracts/leaderboard.ts';

/** What a log-in needs to know of a player. */
export interface Account {
  id: number;
  login: string;
  role: string;
  passwordHash: string;
}

/** Null where nobody has that login; capitals do not matter. */
export async function findAccount(mysql: Pool, login: string): Promise<Account | null> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    'SELECT id, login, role, password_hash AS passwordHash FROM players WHERE login = ?',
    [login],
  );
  return (row as Account | undefined) ?? null;
}

/** Null where there is no such player. */
export async function findLevel(mysql: Pool, playerId: number): Promise<number | null> {
  const [[row]] = await mysql.query<RowDataPacket[]>('SELECT level FROM players WHERE id = ?', [playerId]);
  return row ? Number(row.level) : null;
}

/** Who earned most: what stands behind the leaderboard where lab 10 is not written yet. */
export async function loadLeaderboardRows(mysql: Pool, limit: number): Promise<LeaderboardRow[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SELECT players.id AS playerId, login, CAST(SUM(total_price) AS UNSIGNED) AS earned,
       RANK() OVER (ORDER BY SUM(total_price) DESC) AS place
     FROM sales JOIN players ON players.id = seller_id GROUP BY players.id, login ORDER BY earned DESC, playerId LIMIT ?`,
    [limit],
  );
  return rows.map(({ playerId, login, earned, place }) => ({
    playerId,
    login,
    earned: Number(earned),
    rank: Number(place),
  }));
}
