/**
 * The judge: from what upstream's logs say and what stands in the chats, who was told what, how often and in which order. It knows entries by the
 * marks that the suite put into them, and shares no rule of difference, identity or order with the product.
 */
import type { Place, Preset, Seen } from './chat.ts';
import type { TapRequest } from './http-tap.ts';
import { type Entry, type Job, marksIn } from './upstream.ts';

export type Following = { readonly place: Place; readonly job: Job; readonly preset: Preset };

/** What happened to processes and to Redis, for telling what a platform gives no way to know from what should not be. ms since 1970. */
export type Incident = { readonly kind: 'kill' | 'stall' | 'redis-away' | 'redis-loss'; readonly pid: number; readonly from: number; readonly to: number };

export type Fault = { readonly kind: string; readonly where: string; readonly what: string };

export type Verdict = {
  /** (entry, subscription) pairs. */
  readonly expected: number;
  readonly arrived: number;
  readonly lost: readonly Fault[];
  /** More than once, and not excused. */
  readonly twice: readonly Fault[];
  /** More than once where the platform gives no way to look. */
  readonly excused: readonly Fault[];
  /** Two rare events in one: PROTOCOL's D4. */
  readonly rare: readonly Fault[];
  readonly disorder: readonly Fault[];
  /** Where it was not asked for. */
  readonly unwanted: readonly Fault[];
  /** Copies that stood there for a while and were deleted, where the platform can be asked; and those of them that nothing accounts for. */
  readonly removed: number;
  readonly needless: readonly Fault[];
  readonly worstDelayMs: number;
  readonly delaysMs: readonly number[];
};

export type Case = {
  readonly following: readonly Following[];
  readonly entries: (job: Job) => readonly Entry[];
  readonly seen: readonly Seen[];
  readonly requests: readonly TapRequest[];
  readonly incidents: readonly Incident[];
};

/** A request arrives although its sender was killed a moment before. */
const ON_ITS_WAY_MS = 1_000;

/** How long a killed or stopped sender's message may still be told again by another, and how long a late check has to come. */
const TAKEOVER_MS = 90_000;
/** An attempt that took effect this long after it was asked for is outside what the protocol assumes. */
const APPLIED_LATE_MS = 9_000;

export function judge(found: Case): Verdict {
  const lost: Fault[] = [];
  const twice: Fault[] = [];
  const excused: Fault[] = [];
  const rare: Fault[] = [];
  const disorder: Fault[] = [];
  const unwanted: Fault[] = [];
  const delaysMs: number[] = [];
  let expected = 0;
  let arrived = 0;

  const jobs = [...new Set(found.following.map(({ job }) => job))];
  const entries = new Map(jobs.map((job) => [job, found.entries(job)]));
  const jobOf = new Map(jobs.flatMap((job) => (entries.get(job) ?? []).map(({ mark }) => [mark, job] as const)));
  const byPlace = Map.groupBy(found.seen, ({ place }) => place);
  const senders = sendersOf(found.requests);

  const repeated = (place: Place, copies: readonly Seen[], fault: Fault): void => {
    const story = copies.map(({ ref }) => senders.get(ref) ?? null);
    if (!place.lookup && isExplained(story, found)) excused.push(fault);
    else if (place.lookup && isTwoInOne(story, found)) rare.push(fault);
    else twice.push(fault);
  };

  for (const [id, messages] of byPlace) {
    for (const message of messages.filter(({ isRoot }) => !isRoot)) {
      for (const mark of new Set(marksIn(message.words))) {
        const following = found.following.find(({ place, job }) => place.id === id && job === jobOf.get(mark));
        const entry = following && entries.get(following.job)?.find((one) => one.mark === mark);
        if (!entry || (following.preset === 'problems' && !entry.problem)) unwanted.push({ kind: 'unwanted', where: id, what: mark });
      }
    }
  }

  for (const { place, job, preset } of found.following) {
    const where = `${place.platform} ${place.id} ${job.voice}`;
    const messages = (byPlace.get(place.id) ?? []).toSorted((a, b) => a.at - b.at);
    const news = messages.filter(({ isRoot }) => !isRoot);
    const wanted = (entries.get(job) ?? []).filter(({ problem }) => preset === 'everything' || problem);
    const holders = new Map<string, Seen[]>();
    for (const message of news) for (const mark of new Set(marksIn(message.words))) holders.set(mark, [...(holders.get(mark) ?? []), message]);

    for (const { mark, bornAt } of wanted) {
      expected += 1;
      const copies = holders.get(mark) ?? [];
      const [first] = copies;
      if (!first) {
        lost.push({ kind: 'lost', where, what: mark });
        continue;
      }
      arrived += 1;
      delaysMs.push(first.at - bornAt);
      if (copies.length > 1) repeated(place, copies, { kind: 'twice', where, what: `${mark} in ${copies.map(({ ref }) => ref).join(', ')}` });
    }
    const cards = messages.filter(({ isRoot, words }) => isRoot && words.includes(job.voice));
    if (cards.length === 0) lost.push({ kind: 'no card', where, what: job.voice });
    if (cards.length > 1) repeated(place, cards, { kind: 'two cards', where, what: cards.map(({ ref }) => ref).join(', ') });

    const rank = new Map(wanted.filter(({ loose }) => !loose).map(({ mark, place: order }) => [mark, order]));
    for (const fault of disorderIn(news, rank)) disorder.push({ kind: 'out of order', where, what: fault });
  }
  const { removed, needless } = removals(found, senders);
  return {
    expected,
    arrived,
    removed,
    needless,
    lost,
    twice,
    excused,
    rare,
    disorder,
    unwanted,
    worstDelayMs: delaysMs.reduce((a, b) => Math.max(a, b), 0),
    delaysMs,
  };
}

/** Where a mark stands before one that is older. A second copy of what was told is no disorder: it is counted as one. */
function disorderIn(news: readonly Seen[], rank: ReadonlyMap<string, number>): string[] {
  const faults: string[] = [];
  const told = new Set<string>();
  let highest = -1;
  let latest = '';
  for (const message of news) {
    const marks = marksIn(message.words).filter((mark) => rank.has(mark) && !told.has(mark));
    const ranks = (order: readonly string[]) => [...new Set(order)].map((mark) => rank.get(mark) ?? 0);
    const drawn = ranks(marks);
    // a drawing may name the most important one first, above the list
    const listed = ranks(marks.toReversed()).toReversed();
    if (!ascends(drawn) && !ascends(listed)) faults.push(`inside ${message.ref}: ${[...new Set(marks)].join(' ')}`);
    const lowest = Math.min(...drawn);
    if (drawn.length > 0 && lowest < highest) faults.push(`${message.ref} after ${latest}: ${[...new Set(marks)].join(' ')}`);
    if (drawn.length > 0) {
      highest = Math.max(highest, ...drawn);
      latest = message.ref;
    }
    for (const mark of marks) told.add(mark);
  }
  return faults;
}

function ascends(numbers: readonly number[]): boolean {
  return numbers.every((value, i) => i === 0 || value > (numbers[i - 1] ?? -1));
}

/** By the ref that the chat gave: the request that made the message. */
function sendersOf(requests: readonly TapRequest[]): ReadonlyMap<string, TapRequest> {
  const found = new Map<string, TapRequest>();
  for (const request of requests) {
    const [, ref] = /"(?:ts|id)":"([^"]+)"/.exec(request.answer) ?? [];
    if (ref && request.appliedAt !== null) found.set(ref, request);
  }
  return found;
}

/** Where it can be looked before something is sent again, a copy comes of nothing but a message that took effect late, or a process that stood still. */
function removals({ requests, incidents }: Case, senders: ReadonlyMap<string, TapRequest>): Pick<Verdict, 'removed' | 'needless'> {
  const refs = requests
    .filter(({ path, answer }) => path.endsWith('chat.delete') && answer.includes('"ok":true'))
    .map(({ body }) => new URLSearchParams(body).get('ts') ?? '');
  const marked = requests.filter(({ path, appliedAt }) => path.endsWith('chat.postMessage') && appliedAt !== null);
  const needless = refs.flatMap((ref): Fault[] => {
    const marks = marksIn(senders.get(ref)?.body ?? '');
    const copies = marked.filter(({ body }) => marks.some((mark) => body.includes(mark)));
    const why = copies.some((sent) => isLate(sent, incidents));
    return why || marks.length === 0 ? [] : [{ kind: 'a copy for a while', where: 'slack', what: marks.join(' ') }];
  });
  return { removed: refs.length, needless };
}

/** It took effect after everybody had given it up, or its sender stood still meanwhile. */
function isLate({ pid, arrivedAt, appliedAt }: TapRequest, incidents: readonly Incident[]): boolean {
  if (appliedAt === null) return false;
  return (
    appliedAt - arrivedAt >= APPLIED_LATE_MS || incidents.some((one) => one.kind === 'stall' && one.pid === pid && one.to >= arrivedAt && one.from <= appliedAt)
  );
}

/** The answer to one of the copies was lost, with its sender or with Redis: where nothing can be looked up, nobody can know that it arrived. */
function isExplained(copies: readonly (TapRequest | null)[], { incidents }: Case): boolean {
  return copies.some((sent) => {
    if (sent === null) return false;
    if (sent.fate !== '' || sent.answeredAt === null) return true;
    const at = sent.arrivedAt;
    return incidents.some(
      ({ kind, pid, from, to }) => (kind === 'kill' || kind === 'stall' ? pid === sent.pid : true) && to >= at - ON_ITS_WAY_MS && from <= at + TAKEOVER_MS,
    );
  });
}

/** A copy that took effect after everybody had given it up, or came from a stopped process; and, while it still had a late check before it, a kill or a loss. */
function isTwoInOne(copies: readonly (TapRequest | null)[], { incidents }: Case): boolean {
  return copies.some((sent) => {
    if (sent === null || !isLate(sent, incidents)) return false;
    const { pid, arrivedAt, appliedAt } = sent;
    return incidents.some(
      ({ kind, pid: whose, from, to }) =>
        ((kind === 'kill' && whose === pid) || kind === 'redis-loss') && to >= arrivedAt && from <= (appliedAt ?? arrivedAt) + TAKEOVER_MS,
    );
  });
}
