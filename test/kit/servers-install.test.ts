import { describe, expect, it, vi } from 'vitest';
import { missingBinaries, runInstall } from '../../kit/servers/install.ts';
import { type InstallFacts, planInstall } from '../../kit/servers/plan-install.ts';

const debian: InstallFacts = {
  missing: ['mysql', 'redis'],
  manager: 'apt',
  rights: 'none',
  known: ['mariadb-server-core', 'redis-tools'],
};

describe('planInstall()', () => {
  it('names packages that start no system service', () => {
    const plan = planInstall(debian);
    expect(plan.commands).toEqual([
      'apt-get install -y --no-install-recommends mariadb-server-core redis-tools',
    ]);
    expect(plan.what).toMatch(/mariadb-server-core and redis-tools, .*no system service/);
  });

  it('uses sudo where that is the right, without ever asking under a moving line', () => {
    const plan = planInstall({ ...debian, rights: 'sudo' });
    expect(plan.commands[0]).toMatch(/^sudo apt-get install/);
    expect(plan.command.slice(0, 2)).toEqual(['sudo', '-n']);
  });

  it('takes the names of older systems', () => {
    const old = planInstall({ ...debian, missing: ['mysql'], known: ['mariadb-server-core-10.6'] });
    expect(old.packages).toEqual(['mariadb-server-core-10.6']);
  });

  it('takes the first choice where apt has no lists yet', () => {
    expect(planInstall({ ...debian, known: [] }).packages).toEqual(['mariadb-server-core', 'redis-tools']);
  });

  it('installs with brew on macOS', () => {
    expect(planInstall({ ...debian, manager: 'brew', known: [] }).commands).toEqual([
      'brew install mariadb redis',
    ]);
  });

  it.each([
    [
      { rights: 'no' },
      /MySQL and Redis are missing .*`sudo apt-get install --no-install-recommends mariadb-server-core redis-tools`/,
    ],
    [{ manager: 'none' }, /a mariadbd or mysqld and a redis-server/],
  ] as const)('where it may not, the message is the command to run: %o', (facts, message) => {
    expect(() => planInstall({ ...debian, ...facts })).toThrow(message);
  });
});

describe('missingBinaries()', () => {
  it('names what neither PATH nor a usual folder has', () => {
    expect(missingBinaries()).toEqual([]);
    vi.stubEnv('LAB_MYSQLD', '');
    expect(missingBinaries()).toEqual([]);
    vi.unstubAllEnvs();
  });
});

describe('runInstall()', () => {
  const plan = { packages: ['x'], what: 'x', commands: ['apt-get install x'] };

  it('renews the lists and tries again when the first try fails', async () => {
    const lines: string[] = [];
    const marker = `/tmp/storelab-test-${process.pid}`;
    await runInstall(
      {
        ...plan,
        command: ['sh', '-c', `echo trying; test -e ${marker} && rm ${marker}`],
        refresh: ['sh', '-c', `echo lists; touch ${marker}`],
      },
      { onStep: (line) => lines.push(line) },
    );
    expect(lines).toEqual(['trying', 'lists', 'trying']);
  });

  it('ends with the last lines and the command to try by hand', async () => {
    const failing = { ...plan, command: ['sh', '-c', 'echo E: Unable to locate package x >&2; exit 100'] };
    await expect(runInstall(failing)).rejects.toMatchObject({
      code: 'INSTALL_FAILED',
      message: expect.stringMatching(/`apt-get install x` by hand[\s\S]*Unable to locate package x/),
    });
  });
});
