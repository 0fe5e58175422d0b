import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** How this machine's programs reach the network: proxies, certificates, npm's and pip's registries. */
const passed =
  /^(?:(?:https?|all|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|PIP_(?:INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|CERT|PROXY|DEFAULT_TIMEOUT)|npm_config_(?:registry|proxy|https_proxy|noproxy|cafile|strict_ssl))$/i;

/** The environment of a person who has just logged in to the bare machine as root. */
export function freshEnv(own: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const settings = Object.entries(own).filter(([name, value]) => passed.test(name) && value);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    USER: 'root',
    LOGNAME: 'root',
    LANG: 'C.UTF-8',
    ...(Object.fromEntries(settings) as Record<string, string>),
  };
}

/**
 * Copies into a system's folder how this machine reaches the network, and nothing else: the resolver, npm's and pip's
 * configuration, apt's way to its mirrors, and the certificates that these name.
 */
export function copySettings(tree: string, own: NodeJS.ProcessEnv = process.env): void {
  const copy = (from: string, to = from) => {
    if (!existsSync(from)) return;
    mkdirSync(dirname(join(tree, to)), { recursive: true });
    cpSync(from, join(tree, to), { recursive: true, dereference: true });
  };
  for (const file of ['/etc/resolv.conf', '/etc/hosts', '/etc/pip.conf', '/usr/local/share/ca-certificates'])
    copy(file);
  for (const file of ['.npmrc', '.config/pip/pip.conf', '.pip/pip.conf'])
    copy(join(homedir(), file), join('/root', file));
  const apt = '/etc/apt/apt.conf.d';
  for (const name of existsSync(apt) ? readdirSync(apt) : [])
    if (/^\s*Acquire::(?:https?|Check|Retries|Force|Max)/m.test(readFileSync(join(apt, name), 'utf8')))
      copy(join(apt, name));
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  for (const value of new Set([bundle, ...Object.values(freshEnv(own))]))
    if (/^\/.*\.(?:crt|pem)$/.test(value) && existsSync(value) && statSync(value).isFile()) copy(value);
}

/** Where this machine's apt gets Debian from, read at run time; undefined where it is no Debian. */
export function debianMirror(): string | undefined {
  const folder = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list'].concat(
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
  );
  for (const file of files.filter((name) => /\.(?:list|sources)$/.test(name) && existsSync(name))) {
    const text = readFileSync(file, 'utf8');
    const found = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+\/debian\/?)(?:\s|$)/m.exec(text);
    if (found) return found[1];
  }
  return undefined;
}

/** Says in a system's folder where its apt gets this release from. */
export function writeSources(tree: string, { mirror, suite }: { mirror: string; suite: string }): void {
  writeFileSync(join(tree, 'etc/apt/sources.list'), `deb ${mirror} ${suite} main\n`);
}
