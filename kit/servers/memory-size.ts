const units: Readonly<Record<string, number>> = { kb: 1 / 1024, mb: 1, gb: 1024 };

/**
 * A size as redis.conf writes it, in MB of 1024 · 1024 bytes; undefined for none, and for one in other units.
 *
 * @example megabytes('256mb') // 256
 */
export function megabytes(size: string): number | undefined {
  const [, number, unit = ''] = /^(\d+)([kmg]b)$/i.exec(size) ?? [];
  return number ? Number(number) * units[unit.toLowerCase()]! : undefined;
}
