/** The scripts of the delivery protocol, by name. Each is one file in lua/, behind what lib.lua gives to all. */
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { ripeAfter, type Timing } from '../domain/timing.ts';
import { type Script, script } from './script.ts';

const NAMES = [
  'access-due',
  'access-told',
  'append',
  'bury',
  'data-version',
  'dead-letter',
  'defer',
  'destination',
  'doubt',
  'due-destinations',
  'due-work',
  'figures',
  'forget',
  'forget-person',
  'hand-over',
  'intent',
  'language',
  'late-done',
  'move',
  'mute',
  'notice',
  'notice-done',
  'notices-later',
  'other-project',
  'owners',
  'pause',
  'pause-platform',
  'places',
  'postpone',
  'put-off',
  'read-watch',
  'readdress',
  'refresh',
  'release',
  'resume',
  'settle',
  'skip',
  'subscribe',
  'sweep-census',
  'sweep-done',
  'sweep-later',
  'sweep-page',
  'sweep-pull',
  'sweep-take',
  'take-pace',
  'tell-many',
  'tidy',
  'tidy-admins',
  'unsubscribe',
] as const;

export type Scripts = Readonly<Record<(typeof NAMES)[number], Script>>;

/** Loads every script for one connection. */
export function loadScripts(redis: Redis, timing: Timing): Scripts {
  const read = (name: string) => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
  const shared = `local W, LATE, GAP, GIVE_UP = ${ripeAfter(timing)}, ${timing.late}, ${timing.editGap}, ${timing.giveUp}\n${read('lib')}`;
  const load = (name: string) => script(redis, `${shared}\n${read(name)}`);
  return Object.fromEntries(NAMES.map((name) => [name, load(name)])) as Scripts;
}
