/** What the side panel is told: each followed job's journal with everybody's cursor in it, and how the simulator stands. Data; the page words the rest. */
import { entryWords, markOf } from '../../src/domain/cards/entry.ts';
import { stateWords } from '../../src/domain/cards/parts.ts';
import { jobIdOf } from '../../src/domain/job.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import { lineText } from '../../src/domain/plain-text.ts';
import { progressOf } from '../../src/domain/progress.ts';
import { happenedAt } from '../../src/domain/story.ts';
import { type Language, wants } from '../../src/domain/subscription.ts';
import { catalogueOf } from '../../src/domain/text/catalogue.ts';
import type { Inspect, InspectedJob, SimulatorControl } from '../../src/ports/inspect.ts';
import type { PlaygroundChat } from './chat.ts';
import { INSPECTED_JOBS } from './limits.ts';
import { placeOf } from './places.ts';

export type PanelDeps = {
  readonly chat: PlaygroundChat;
  /** null: the process has no store to look into. */
  readonly inspect: Inspect | null;
  /** null: upstream is a real one, or somebody else's. */
  readonly simulator: SimulatorControl | null;
  /** Jobs that were started here; they are shown although nobody follows them yet. */
  readonly started: ReadonlySet<string>;
};

const SHORT_ID = 8;

/** Everything the panel shows, in a person's language. */
export async function inspection({ chat, inspect, simulator, started }: PanelDeps, language: Language): Promise<object> {
  const followed = inspect ? await inspect.followed(INSPECTED_JOBS) : [];
  const known = new Set(followed.map(({ job }) => jobIdOf(job)));
  return {
    refusedUntil: (await inspect?.refusedUntil()) ?? null,
    jobs: followed.map((job) => ({ ...jobView(job, language), simulated: simulator?.job(jobIdOf(job.job)) ?? null })),
    unfollowed: simulator ? [...started].filter((jobId) => !known.has(jobId)).flatMap((jobId) => simulator.job(jobId) ?? []) : [],
    simulator: simulator && { ...simulator.trouble(), chatOutage: !chat.reachable() },
  };
}

function jobView({ job, facts, journal, base, ended, readAt, subscriptions }: InspectedJob, language: Language): object {
  const words = { language, zone: null, prefix: '', say: catalogueOf(language) };
  const { byKey } = progressOf(journal, facts);
  const entry = (one: JournalEntry): object => {
    const told = byKey.get(one.key);
    return { at: happenedAt(one), words: told ? lineText(entryWords(told, words), words) : one.key, mark: told ? markOf(told) : 'none' };
  };
  return {
    job,
    jobId: jobIdOf(job),
    name: facts?.voiceName || jobIdOf(job).slice(0, SHORT_ID),
    state: facts ? lineText(stateWords(facts.state, words), words) : '',
    base: base ?? 0,
    ended,
    readAt,
    entries: journal.map(entry),
    subscriptions: subscriptions.map(({ address, name, preset, cursor, mutedUntil, paused, sending }) => ({
      place: placeOf(address.id)?.id ?? null,
      name,
      preset: words.say.preset[preset],
      cursor,
      waiting: journal.slice(cursor).filter((one) => wants(preset, one)).length,
      mutedUntil,
      paused: paused !== null,
      sending,
    })),
  };
}
