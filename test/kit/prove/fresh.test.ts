import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookBefore, whatIsLeft } from '../../../kit/prove/fresh/left.ts';
import { freshEnv, writeSources } from '../../../kit/prove/fresh/settings.ts';

let folder: string;
let tree: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storelab-test-'));
  tree = join(folder, 'tree');
  write('var/lib/dpkg/status', entry('git'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (name: string, status = 'install ok installed') => `Package: ${name}\nStatus: ${status}\n\n`;

function write(path: string, text = ''): void {
  const file = join(tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const later = new Date(Date.now() + 10_000);
  utimesSync(file, later, later);
}

describe('whatIsLeft()', () => {
  it('names new packages, what is temporary one by one, and counts the rest by folder', async () => {
    const before = lookBefore(tree);
    write(
      'var/lib/dpkg/status',
      entry('git') + entry('redis-tools') + entry('gone', 'deinstall ok config-files'),
    );
    write('tmp/storelab-1/redis.sock');
    write('var/tmp/one');
    write('opt/.npm/_logs/a.log');
    write('opt/.npm/_logs/b.log');
    write('opt/.bashrc');
    write('srv/storelab/node_modules/a/index.js');
    expect(await whatIsLeft(before)).toEqual({
      packages: ['redis-tools'],
      temporary: expect.arrayContaining(['/tmp/storelab-1/redis.sock', '/var/tmp/one']),
      others: ['/opt/.bashrc', '/opt/.npm: 2 files'],
    });
  });

  it('does not name files with the dates of their package', async () => {
    const before = lookBefore(tree);
    write('usr/bin/mariadbd');
    utimesSync(join(tree, 'usr/bin/mariadbd'), new Date(0), new Date(0));
    expect(await whatIsLeft(before)).toEqual({ packages: [], temporary: [], others: [] });
  });
});

describe('freshEnv()', () => {
  it('passes on how the network is reached, and nothing else', () => {
    const own = {
      PATH: '/opt/node/bin',
      HTTPS_PROXY: 'http://proxy.example:3128',
      npm_config_registry: 'https://npm.example/',
      npm_lifecycle_event: 'test',
      PIP_INDEX_URL: '',
      LAB_SERVERS: 'containers',
      LABS: 'answers',
    };
    expect(freshEnv(own)).toEqual({
      ...freshEnv({}),
      HTTPS_PROXY: 'http://proxy.example:3128',
      npm_config_registry: 'https://npm.example/',
    });
    expect(freshEnv(own).PATH).not.toContain('/opt');
  });
});

describe('writeSources()', () => {
  it('names one release of one mirror', () => {
    mkdirSync(join(tree, 'etc/apt'), { recursive: true });
    writeSources(tree, { mirror: 'http://mirror.example/debian', suite: 'trixie' });
    expect(readFileSync(join(tree, 'etc/apt/sources.list'), 'utf8')).toBe(
      'deb http://mirror.example/debian trixie main\n',
    );
  });
});
