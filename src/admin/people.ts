/** Who changed what, and how somebody is forgotten. */
import { type AdminDeps, type Answer, BY_HAND, done, instant, json, type Typed, table, WHERE_IDS_ARE } from './answer.ts';

export async function audit({ flags }: Typed, { operator }: AdminDeps): Promise<Answer> {
  const entries = await operator.trail();
  if (flags.has('--json')) return json(entries);
  if (entries.length === 0) return done('Nothing was changed yet.');
  const rows = entries.map(({ at, by, what, place, destination, job, detail }) => [
    instant(at),
    by.id === '' ? by.name : `${by.name} (${by.platform}:${by.id})`,
    what,
    place === '' ? destination : `${place} ${destination}`,
    job,
    detailOf(what, detail),
  ]);
  return done(table(['WHEN', 'WHO', 'WHAT', 'WHERE', 'JOB', 'DETAIL'], rows));
}

/** What the trail holds for programs, in words. */
function detailOf(what: string, detail: string): string {
  if (what === 'mute') return `until ${instant(Number(detail))}`;
  return detail === BY_HAND && (what === 'pause' || what === 'resume') ? 'by hand' : detail;
}

export async function forget(typed: string, { operator }: AdminDeps): Promise<Answer> {
  const [, platform, id] = /^([a-z]+):(\S+)$/.exec(typed) ?? [];
  if (platform === undefined || id === undefined) {
    return { exit: 2, text: `Who? A person is named as platform:id, not "${typed}". ${WHERE_IDS_ARE}\nFor example: npm run admin -- forget slack:U123` };
  }
  const { pseudonym, places, subscriptions, names, wishes, admin, trail, letters } = await operator.forget({ platform, id });
  const removed = [
    [places, 'private conversation with voicejob', 'private conversations with voicejob'],
    [subscriptions, 'subscription there', 'subscriptions there'],
    [wishes, 'record of their wishes (language, and that they are not to be named: somebody may name them again)', ''],
    [admin, 'address at which they heard of faults as an admin (ADMINS in the configuration is not changed)', ''],
    [letters, 'dead letter to them', 'dead letters to them'],
  ] as const;
  const replaced = [
    [names, `mention as who follows, who is to be named or who announced`, `mentions as who follows, who is to be named or who announced`],
    [trail, 'entry of the trail of changes', 'entries of the trail of changes'],
  ] as const;
  const say = (lines: readonly (readonly [number, string, string])[]) =>
    lines.filter(([count]) => count > 0).map(([count, one, many]) => `  ${count} ${count === 1 ? one : many}`);
  const [gone, changed] = [say(removed), say(replaced)];
  if (gone.length + changed.length === 0) return done(`Nothing is known of ${typed}.`);
  return done(
    [
      `${typed} is forgotten.`,
      ...(gone.length > 0 ? ['Removed:', ...gone] : []),
      ...(changed.length > 0 ? [`Now called ${pseudonym}:`, ...changed] : []),
      'Messages that were posted stay on the platform, and what logs hold goes with them.',
    ].join('\n'),
  );
}
