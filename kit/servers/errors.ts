/** Why servers cannot be had. */
export type ServersUnavailableCode =
  | 'URLS_INCOMPLETE'
  | 'URL_INVALID'
  | 'URL_UNREACHABLE'
  | 'DATABASE_NOT_EMPTY'
  | 'NO_DOCKER'
  | 'CONTAINER_FAILED'
  | 'BINARY_MISSING'
  | 'SERVER_FAILED'
  | 'INSTALL_NOT_ALLOWED'
  | 'INSTALL_FAILED'
  | 'SOURCE_UNKNOWN'
  | 'NOTHING_RUNS'
  | 'NOT_A_CHECK_SCHEMA'
  | 'CHECK_SCHEMA_DENIED'
  | 'SETTING_TOO_SMALL';

/**
 * Servers cannot be had; `code` says why, the message names the resource and the next step.
 *
 * @example throw new ServersUnavailable('NO_DOCKER', 'No Docker engine answers: start Docker, or set LAB_SERVERS=local.')
 */
export class ServersUnavailable extends Error {
  readonly code: ServersUnavailableCode;

  constructor(code: ServersUnavailableCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ServersUnavailable';
    this.code = code;
  }
}

/** The message of whatever was thrown; of an AggregateError (a refused connection), that of its first part. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
