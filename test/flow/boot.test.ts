/** The real `node src/main.ts`: what an operator sees who starts it wrongly. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

function boot(argument: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/main.ts', argument], {
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

const METASTUDIO = { METASTUDIO_REGION: 'cn-north-4', METASTUDIO_PROJECT_ID: 'p1', METASTUDIO_ACCESS_KEY: 'ak', METASTUDIO_SECRET_KEY: 'a-secret-value' };

describe('node src/main.ts', () => {
  it('run without configuration names every missing variable in one message, offers the demo, and exits with 1', () => {
    const { status, stderr } = boot('run');
    expect(status).toBe(1);
    for (const name of [
      'METASTUDIO_PROJECT_ID',
      'METASTUDIO_REGION',
      'METASTUDIO_ENDPOINT',
      'METASTUDIO_ACCESS_KEY',
      'METASTUDIO_IAM_USER',
      'SLACK_BOT_TOKEN',
      'TEAMS_APP_ID',
      'npm run demo',
    ]) {
      expect(stderr).toContain(name);
    }
    expect(stderr).toContain('One of these');
  });

  it('run with MetaStudio and no chat says which chats there are, and exits with 1', () => {
    const { status, stderr } = boot('run', METASTUDIO);
    expect(status).toBe(1);
    expect(stderr).toContain('SLACK_BOT_TOKEN');
    expect(stderr).toContain('npm run demo');
    expect(stderr).not.toContain('METASTUDIO_PROJECT_ID');
    expect(stderr).not.toContain('a-secret-value');
  });

  it('run with a Redis that is not there says so in a sentence, without a stack', () => {
    const { status, stderr } = boot('run', { ...METASTUDIO, PLAYGROUND: '1', REDIS_URL: 'redis://:hidden-password@127.0.0.1:1', LOG_LEVEL: 'error' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/can't start: .*Redis/);
    expect(stderr).not.toMatch(/hidden-password|\n\s+at /);
  });

  it.each([{}, { REDIS_URL: 'redis://127.0.0.1:1' }])('run with a DATA_DIR that is a file says so in a sentence, with how to mend it (%j)', (redis) => {
    const { status, stderr } = boot('run', { ...METASTUDIO, ...redis, PLAYGROUND: '1', DATA_DIR: 'package.json', LOG_LEVEL: 'error' });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^voicejob can't start: DATA_DIR \S+package\.json is no directory .* To mend it: .*DATA_DIR to another\n$/),
    ]);
  });

  // who may do everything may write there too
  it.skipIf(process.getuid?.() === 0)('run with a DATA_DIR of somebody else says so in a sentence', () => {
    const { status, stderr } = boot('run', { ...METASTUDIO, PLAYGROUND: '1', DATA_DIR: '/usr', LOG_LEVEL: 'error' });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/DATA_DIR \/usr is no directory .* To mend it: give the directory/)]);
  });

  it('anything else answers with the usage', () => {
    const { status, stderr } = boot('start');
    expect(status).toBe(2);
    expect(stderr).toContain('usage:');
  });
});
