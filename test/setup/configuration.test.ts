import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configurationReference, envExample } from '../../scripts/configuration.ts';
import { VARIABLES, type Variable } from '../../src/config/variables.ts';
import { readConfig } from '../../src/config.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const VARIABLE_LIST = Object.entries<Variable<unknown, string | null>>(VARIABLES);

describe('.env.example', () => {
  test('is what the table of variables makes, and so is docs/configuration.md (node scripts/configuration.ts)', () => {
    expect(readFileSync(join(REPOSITORY, '.env.example'), 'utf8')).toBe(envExample());
    expect(readFileSync(join(REPOSITORY, 'docs/configuration.md'), 'utf8')).toBe(configurationReference());
  });

  test('changes nothing when it is used as it stands', () => {
    expect(
      envExample()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#')),
    ).toEqual([]);
  });

  test.each(VARIABLE_LIST)('%s has an example and a fallback that it takes itself', (_, variable) => {
    expect(variable.schema.safeParse(variable.example).success).toBe(true);
    if (variable.fallback !== null) expect(variable.schema.safeParse(variable.fallback).success).toBe(true);
  });
});

test('with all examples of one way to sign in, a configuration is whole', () => {
  const left = /IAM|SECURITY|TEAMS|PLAYGROUND|APP_TOKEN/;
  const env = Object.fromEntries(VARIABLE_LIST.filter(([name]) => !left.test(name)).map(([name, { example }]) => [name, example]));
  expect(readConfig(env, () => '', 'run')).toMatchObject({ kind: 'ok' });
});
