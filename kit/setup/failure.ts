/** What set-up could not get, so that a caller can go another way. */
export type SetupCode =
  | 'no-disk'
  | 'no-network'
  | 'no-rights'
  | 'no-python'
  | 'no-jupyter'
  | 'no-package'
  | 'declined'
  | 'port-taken'
  | 'stopped'
  | 'failed';

/** A set-up step failed: the message says what is missing and ends with the exact next command. */
export class SetupFailed extends Error {
  override name = 'SetupFailed';
  readonly code: SetupCode;

  constructor(code: SetupCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const signs: readonly [SetupCode, RegExp][] = [
  ['no-disk', /ENOSPC|No space left on device|Errno 28\b/i],
  [
    'no-network',
    /Temporary failure in name resolution|Name or service not known|NewConnectionError|ConnectTimeout|Could(n't| not) resolve|Network is unreachable|Connection (refused|timed out|reset)|Failed to fetch|No route to host|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Max retries exceeded|Failed to establish a new connection/i,
  ],
  [
    'no-rights',
    /Permission denied|EACCES|EPERM|Read-only file system|a password is required|not in the sudoers/i,
  ],
];

/**
 * What the output of pip, apt or the like says went wrong.
 *
 * @example diagnose("OSError: [Errno 28] No space left on device") // 'no-disk'
 */
export function diagnose(output: string): SetupCode {
  return signs.find(([, sign]) => sign.test(output))?.[0] ?? 'failed';
}

/**
 * A sentence in place of the system's own error for a full disk or a folder that may not be written; other errors
 * are returned as they are.
 *
 * @example sentenceFor(Object.assign(new Error('ENOSPC: ...'), { code: 'ENOSPC' })).message // 'The disk is full: ...'
 */
export function sentenceFor(error: unknown): unknown {
  const { code, path } = error as { code?: string; path?: string };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = 'The disk is full. Free some space (see: df -h . /tmp), then run this again.';
    return new SetupFailed('no-disk', message, { cause: error });
  }
  if (path && (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')) {
    const message = `${path} may not be written. Make it yours:  sudo chown -R "$(id -un)" "${path}"  then run this again.`;
    return new SetupFailed('no-rights', message, { cause: error });
  }
  return error;
}
