interface Closable {
  close(): Promise<void>;
}

/**
 * Both or neither: when one of two starts fails, the other is ended, and the failure thrown.
 *
 * @example const [mysql, redis] = await both(startLocalMysql(binary), startLocalRedis(other, users))
 */
export async function both<A extends Closable, B extends Closable>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  try {
    return await Promise.all([first, second]);
  } catch (error) {
    // One may still be starting: what it starts must not stay.
    const end = (started: Closable) => started.close();
    await Promise.all([first.then(end, () => {}), second.then(end, () => {})]);
    throw error;
  }
}

/** Ends both, at once. */
export async function closeBoth(servers: readonly Closable[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}
