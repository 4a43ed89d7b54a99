/** A SubscriptionStore in memory that behaves as ports/store.ts says, and lets a test look inside. */
import type { Facts, JobKey } from '../../src/domain/job.ts';
import { foldedName, jobIdOf, projectIdOf } from '../../src/domain/job.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { Notice } from '../../src/domain/message.ts';
import type { Address, Language, Person, Subscription } from '../../src/domain/subscription.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Destination, FollowedView, SubscriptionStore, Watched } from '../../src/ports/store.ts';

type Stored = Subscription & { readonly owner: string | null };

export type MemoryStore = SubscriptionStore & {
  readonly destinations: Map<string, Destination>;
  readonly notices: { readonly destination: string; readonly notice: Notice }[];
  readonly admins: Map<string, string>;
  readonly writes: string[];
  /** Makes a job watched, as the watch would have it after reading it. */
  watch(job: JobKey, over?: Partial<Watched>): void;
  owner(destination: string, job: JobKey): string | null;
  at(address: Address): Destination | undefined;
  sendOnItsWay(): void;
};

export function facts(over: Partial<Facts> = {}): Facts {
  return {
    voiceName: 'narrator-01',
    jobType: 'BASIC',
    state: 'PROCESSING',
    failedCode: '',
    failedReason: '',
    assetId: '',
    rejectTimes: 0,
    audit: null,
    ...over,
  };
}

export function memoryStore(clock: Clock): MemoryStore {
  const destinations = new Map<string, Destination>();
  const subscriptions = new Map<string, Stored>();
  const watches = new Map<JobKey, Watched>();
  const events = new Set<string>();
  const optedOut = new Set<string>();
  const languages = new Map<string, Language>();
  const notices: { destination: string; notice: Notice }[] = [];
  const admins = new Map<string, string>();
  const writes: string[] = [];
  let onItsWay = false;

  const personKey = (person: { platform: string; id: string }) => `${person.platform}|${person.id}`;
  const at = (address: Address) => [...destinations.values()].find((one) => one.address.platform === address.platform && one.address.id === address.id);
  const change = (id: string, over: Partial<Destination>) => {
    const known = destinations.get(id);
    if (known) destinations.set(id, { ...known, ...over });
  };
  const viewOf = (stored: Stored | undefined): FollowedView | null => {
    if (!stored) return null;
    const { owner: _, ...subscription } = stored;
    const watched = watches.get(stored.job);
    return { subscription, length: watched?.journal.length ?? 0, base: watched?.base ?? null };
  };
  const emptyWatch = (): Watched => ({
    epoch: 'e',
    runId: 'r',
    journal: [],
    base: null,
    ended: false,
    facts: null,
    changedAt: 0,
    readAt: 0,
    factsAt: 0,
    followers: 1,
    demand: 0,
    lateMs: null,
    sweep: { row: null, justMoved: false, covered: false, sweptAt: 0, missed: 0, watches: 1 },
  });
  const ofProject = (projectId: string) => [...watches.keys()].filter((job) => projectIdOf(job) === projectId).sort();

  const store: MemoryStore = {
    by: () => store,
    destinations,
    notices,
    admins,
    writes,
    at,
    watch(job, over = {}) {
      const journal: readonly JournalEntry[] = over.journal ?? [];
      watches.set(job, { ...emptyWatch(), facts: facts(), base: journal.length, readAt: clock.now(), changedAt: clock.now(), factsAt: clock.now(), ...over });
    },
    owner: (destination, job) => subscriptions.get(`${destination}|${job}`)?.owner ?? null,
    sendOnItsWay() {
      onItsWay = true;
    },

    async firstTime(platform, eventId) {
      const key = `${platform}:${eventId}`;
      if (events.has(key)) return false;
      events.add(key);
      return true;
    },
    wasHandled: async (platform, eventId) => events.has(`${platform}:${eventId}`),
    async destination(place) {
      const known = at(place.address);
      writes.push('destination');
      const made: Destination = {
        id: known?.id ?? `d${destinations.size + 1}`,
        address: place.address,
        name: place.name || (known?.name ?? ''),
        dm: known?.dm ?? place.dm,
        language: known?.language ?? place.language ?? 'en',
        zone: place.zone ?? known?.zone ?? null,
        paused: known?.paused ?? null,
        notBefore: 0,
      };
      destinations.set(made.id, made);
      return made;
    },
    async destinationAt(address) {
      return at(address) ?? null;
    },
    async readWatch(job) {
      return watches.get(job) ?? null;
    },
    async subscribe({ destination, job, preset, by, owner, notify }) {
      writes.push('subscribe');
      const key = `${destination}|${job}`;
      const known = subscriptions.get(key);
      if (known) {
        subscriptions.set(key, { ...known, preset, notify: notify ?? known.notify });
        return { kind: 'kept', before: known.preset };
      }
      if (!watches.has(job)) watches.set(job, emptyWatch());
      const cursor = watches.get(job)?.journal.length ?? 0;
      subscriptions.set(key, { destination, job, gen: `g${subscriptions.size}`, preset, cursor, createdAt: clock.now(), mutedUntil: 0, by, notify, owner });
      return { kind: 'new' };
    },
    async unsubscribe(destination, job) {
      writes.push('unsubscribe');
      if (!subscriptions.delete(`${destination}|${job}`)) return 'none';
      if (![...subscriptions.values()].some((one) => one.job === job)) watches.delete(job);
      return onItsWay ? 'onItsWay' : 'done';
    },
    async mute(destination, job, forMs) {
      writes.push('mute');
      const key = `${destination}|${job}`;
      const known = subscriptions.get(key);
      if (!known) return null;
      const until = forMs > 0 ? clock.now() + forMs : 0;
      subscriptions.set(key, { ...known, mutedUntil: until });
      return { until };
    },
    async subscriptions(destination) {
      return [...subscriptions.values()].filter((one) => one.destination === destination).flatMap((one) => viewOf(one) ?? []);
    },
    async subscription(destination, job) {
      return viewOf(subscriptions.get(`${destination}|${job}`));
    },
    async watchedByPrefix(projectId, prefix, limit) {
      return ofProject(projectId)
        .filter((job) => jobIdOf(job).startsWith(prefix))
        .slice(0, limit);
    },
    async watchedByName(projectId, name, limit) {
      return ofProject(projectId)
        .filter((job) => foldedName(watches.get(job)?.facts?.voiceName ?? '') === foldedName(name))
        .slice(0, limit);
    },
    async optOut(person: Person) {
      optedOut.add(personKey(person));
    },
    async optIn(person: Person) {
      optedOut.delete(personKey(person));
    },
    async hasOptedOut(person) {
      return optedOut.has(personKey(person));
    },
    async setLanguage(destination, language) {
      change(destination, { language });
    },
    async personLanguage(person) {
      return languages.get(personKey(person)) ?? null;
    },
    async setPersonLanguage(person, language) {
      languages.set(personKey(person), language);
    },
    async notice(destination, notice) {
      notices.push({ destination, notice });
    },
    async adminSeen(actor, destination) {
      admins.set(personKey(actor), destination);
    },
    async pausePerson(destination) {
      change(destination, { paused: { reason: 'person', since: clock.now(), retryAt: null } });
    },
    async resume(destination, only) {
      const reason = destinations.get(destination)?.paused?.reason;
      if (only === null || reason === only) change(destination, { paused: null });
    },
    async pausePlatform(platform, reason) {
      writes.push(`pause ${platform}: ${reason}`);
    },
    async pauseDestination(destination, reason) {
      change(destination, { paused: { reason, since: clock.now(), retryAt: null } });
    },
    async rename(destination, name) {
      change(destination, { name });
    },
    async readdress(destination, address) {
      change(destination, { address });
    },
    async move() {
      return 'none';
    },
  };
  return store;
}
