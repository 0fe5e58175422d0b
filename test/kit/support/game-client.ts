import { fixturePassword } from '../../../src/worlds/market/fixture.ts';

/** A reply of the game's API. */
export interface GameReply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers
  body: any;
}

/** Asks the game's API as a program does. */
export interface GameClient {
  get(path: string, token?: string): Promise<GameReply>;
  send(
    method: 'POST' | 'PUT',
    path: string,
    options?: { body?: unknown; token?: string | undefined },
  ): Promise<GameReply>;
  /** A log-in by password; the fixture's players all have the same. */
  logIn(login: string): Promise<{ token: string; sessionId: string }>;
}

/** @example const game = gameClient('http://127.0.0.1:5000'); await game.get('/leaderboard') */
export function gameClient(url: string): GameClient {
  const ask = async (
    path: string,
    init: RequestInit & { token?: string | undefined },
  ): Promise<GameReply> => {
    const { token, headers, ...rest } = init;
    const response = await fetch(`${url}/api${path}`, {
      ...rest,
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const send: GameClient['send'] = (method, path, { body, token } = {}) =>
    ask(path, {
      method,
      token,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
  return {
    get: (path, token) => ask(path, { token }),
    send,
    async logIn(login) {
      const { status, body } = await send('POST', '/auth/login', {
        body: { login, password: fixturePassword },
      });
      if (status !== 200) throw new Error(`No log-in of ${login}: ${status} ${JSON.stringify(body)}`);
      return { token: body.access_token, sessionId: body.session_id };
    },
  };
}
