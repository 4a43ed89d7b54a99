/** Answers, notices and errors of every kind, for tests that go through all of them. */
import type { StateEntry } from '../../../src/domain/journal.ts';
import type { CommandError, FollowedJob, JobView, Message, Notice, ReplyMessage } from '../../../src/domain/message.ts';
import { fixture, viewAt, wholeView } from './fixture-views.ts';

const NOW = 1_764_640_800_000;
const narrator = viewAt(fixture('01'), 4);
const rejected = viewAt(fixture('02'), 4);
const machine = wholeView(fixture('03'));
const unread: JobView = { job: 'p/0123456789abcdef', shortId: '01234567', link: null, journal: [], facts: null };
const owner = { platform: 'slack', id: 'U1', name: 'Voice owner' };

const following: FollowedJob[] = [
  { view: rejected, preset: 'everything', mutedUntil: 0, waiting: 2, pending: false },
  { view: narrator, preset: 'milestones', mutedUntil: NOW, waiting: 0, pending: false },
  { view: unread, preset: 'problems', mutedUntil: 0, waiting: 0, pending: true },
];

const notices: Notice[] = [
  { kind: 'paused', subject: 'd1', since: NOW, place: '#voice-lab', reason: 'archived' },
  { kind: 'paused', subject: 'd1', since: NOW, place: '#voice-lab', reason: 'a-new-reason' },
  { kind: 'resumed', subject: 'd1', since: NOW, place: '#voice-lab' },
  { kind: 'access-lost', subject: 'metastudio', since: NOW, operator: null },
  {
    kind: 'access-lost',
    subject: 'metastudio',
    since: NOW,
    operator: {
      status: 401,
      code: 'APIGW.0301',
      requestId: '9d2f61c0a7e84b0f',
      message: 'verify aksk signature fail',
      nextTry: NOW + 300_000,
      jobs: 12,
      destinations: 5,
    },
  },
  { kind: 'access-back', subject: 'metastudio', since: NOW },
  { kind: 'platform-paused', subject: 'slack', since: NOW, reason: 'unauthorized' },
  { kind: 'test', subject: 'U1', since: NOW },
  { kind: 'farewell', subject: narrator.job, since: NOW, root: 'r', gen: 'g', journal: narrator.journal, facts: narrator.facts },
  { kind: 'followed', subject: narrator.job, since: NOW, by: 'Ann', name: 'narrator-01', preset: 'milestones', completed: false },
  { kind: 'followed', subject: narrator.job, since: NOW, by: 'Ann', name: 'narrator-01', preset: 'milestones', completed: true },
  { kind: 'unfollowed', subject: narrator.job, since: NOW, by: '', name: 'narrator-01', preset: 'milestones', completed: false },
  { kind: 'opt-in', subject: narrator.job, since: NOW, by: 'Ann', name: 'narrator-01', place: '#voice-lab' },
];

const errors: CommandError[] = [
  { kind: 'unknown-command', input: 'hsitory', nearest: 'history narrator-01' },
  { kind: 'unknown-command', input: 'xyz', nearest: null },
  { kind: 'missing-job', command: 'history', example: 'history narrator-01' },
  { kind: 'bad-argument', command: 'mute', input: '2 parsecs', example: 'mute narrator-01 2h', expected: 'duration' },
  { kind: 'bad-argument', command: 'mute', input: '', example: 'mute narrator-01 2h', expected: 'duration' },
  { kind: 'bad-argument', command: 'test', input: 'x', example: 'test', expected: 'other' },
  { kind: 'bad-argument', command: 'subscribe', input: 'bogus', example: 'subscribe 26f06524 milestones', expected: 'preset' },
  { kind: 'bad-argument', command: 'status', input: 'b', example: 'status a', expected: 'one-job' },
  { kind: 'bad-argument', command: 'unsubscribe', input: 'x', example: 'unsubscribe all', expected: 'one-job' },
  { kind: 'bad-argument', command: 'language', input: 'fr', example: 'language zh-CN', expected: 'language' },
  { kind: 'bad-argument', command: 'status', input: '@Bob', example: 'status my-voice', expected: 'other' },
  {
    kind: 'no-such-job',
    input: 'narator-01',
    nearest: ['narrator-01'],
    command: { name: 'subscribe', job: 'narator-01', preset: 'problems', dm: false, notify: null },
  },
  { kind: 'no-such-job', input: 'narr', nearest: ['narrator-01', 'narrator-02'], command: { name: 'history', job: 'narr', page: null, filter: 'all' } },
  { kind: 'no-such-job', input: 'zz', nearest: [], command: { name: 'status', job: 'zz' } },
  {
    kind: 'ambiguous-job',
    input: 'news-4',
    candidates: [
      { job: 'p/9b7e4c52aaaa', shortId: '9b7e4c52', name: 'news-4', state: 'FAILED' },
      { job: 'p/77ab03e1bbbb', shortId: '77ab03e1', name: 'news-4', state: 'SOMETHING_NEW' },
    ],
    command: { name: 'subscribe', job: 'news-4', preset: 'problems', dm: true, notify: owner },
  },
  { kind: 'upstream-refused', input: '26f06524', code: 'MSS.00000003', message: 'job not exist' },
  { kind: 'upstream-down', since: NOW, byId: false },
  { kind: 'upstream-down', since: null, byId: true },
  { kind: 'upstream-refuses', since: NOW, byId: false },
  { kind: 'upstream-refuses', since: null, byId: true },
  { kind: 'not-followed', view: narrator },
  { kind: 'nothing-followed', dm: false },
  { kind: 'not-a-member' },
  { kind: 'guests-refused' },
  { kind: 'cannot-notify', input: '@channel', why: 'unknown' },
  { kind: 'cannot-notify', input: '@Sam', why: 'channels-only' },
  { kind: 'opted-out-person', name: 'Ann' },
  { kind: 'too-old' },
  { kind: 'internal', reference: 'a1b2c3' },
];

const manyFiles = Array.from({ length: 32 }, (_, index) => ({
  audio: `${index + 1}.wav`,
  text: `${index + 1}.txt`,
  code: 'MSS.1',
  message: index % 3 === 0 ? 'audio too short' : 'audio does not match text',
}));
const withManyFiles: JobView = {
  ...machine,
  facts: machine.facts && { ...machine.facts, audit: { system: { time: 1_764_551_431, files: manyFiles }, admin: null } },
};

const stateOnly: StateEntry = {
  kind: 'state',
  key: 'k1',
  time: 1_764_658_800,
  state: 'FAILED',
  code: 'MSS.60020007',
  reason: 'training task failed',
  attempt: 1,
};
const failedByState: JobView = { ...narrator, journal: [...narrator.journal, stateOnly], facts: narrator.facts && { ...narrator.facts, state: 'FAILED' } };
const gone = { kind: 'gone' as const, key: 'g1', time: NOW / 1000 };
const back = { kind: 'back' as const, key: 'b1', time: NOW / 1000 + 3600 };
const goneView: JobView = { ...narrator, journal: [...narrator.journal, gone] };
const backView: JobView = { ...narrator, journal: [...narrator.journal, gone, back] };
const unknownView: JobView = { ...unread, journal: [gone] };
const followedNow = { kind: 'subscribed', view: narrator, preset: 'milestones', already: null, notify: null } as const;
const news = { kind: 'news' as const, threads: true, dm: false, summary: 0, notify: null };

export const MESSAGES: readonly Message[] = [
  { kind: 'test' },
  { kind: 'live', view: unread, preset: 'milestones' },
  { kind: 'live', view: { ...unread, facts: machine.facts }, preset: 'milestones' },
  { kind: 'live', view: failedByState, preset: 'milestones' },
  { ...news, view: failedByState, entries: [stateOnly] },
  { kind: 'live', view: goneView, preset: 'milestones' },
  { ...news, view: goneView, entries: [gone] },
  { ...news, view: backView, entries: [back] },
  { kind: 'live', view: unknownView, preset: 'milestones' },
  { ...news, view: unknownView, entries: [gone] },
  { kind: 'history', view: unknownView, page: 1, filter: 'all', readAt: NOW, stale: null, dm: true },
  { kind: 'status', view: unknownView, here: null, paused: null, readAt: NOW, stale: null, now: NOW, stretchedTo: null },
  { kind: 'live', view: { ...unread, journal: [gone, back] }, preset: 'milestones' },
  { ...news, view: withManyFiles, entries: machine.journal.slice(-1) },
  { kind: 'files', view: withManyFiles },
  { kind: 'files', view: machine },
  { kind: 'reason', view: rejected, key: rejected.journal[3]?.key ?? '' },
  { kind: 'reason', view: rejected, key: 'nothing' },
  { kind: 'attachment', view: rejected, name: 'notes.docx', url: 'https://obs.example.com/notes.docx?sig=1' },
  { kind: 'attachment', view: rejected, name: 'notes.docx', url: null },
  { kind: 'subscribed', view: narrator, preset: 'milestones', dm: false, elsewhere: false, pending: false, already: null, notify: owner, paused: null },
  { kind: 'subscribed', view: unread, preset: 'milestones', dm: true, elsewhere: false, pending: true, already: null, notify: null, paused: null },
  { kind: 'subscribed', view: narrator, preset: 'problems', dm: false, elsewhere: false, pending: false, already: 'milestones', notify: null, paused: null },
  { kind: 'subscribed', view: narrator, preset: 'problems', dm: true, elsewhere: true, pending: false, already: null, notify: null, paused: null },
  { kind: 'subscribed', view: machine, preset: 'problems', dm: true, elsewhere: true, pending: false, already: 'problems', notify: null, paused: null },
  {
    kind: 'subscribed',
    view: wholeView(fixture('01')),
    preset: 'milestones',
    dm: false,
    elsewhere: false,
    pending: false,
    already: null,
    notify: null,
    paused: null,
  },
  { ...followedNow, dm: false, elsewhere: false, pending: false, paused: { reason: 'archived', since: NOW, destination: 'd1' } },
  { ...followedNow, dm: true, elsewhere: true, pending: true, paused: { reason: 'blocked', since: NOW, destination: null } },
  { ...followedNow, view: failedByState, dm: false, elsewhere: false, pending: false, paused: null },
  { ...followedNow, view: goneView, dm: false, elsewhere: false, pending: false, paused: null },
  { kind: 'unsubscribed', views: [narrator], onItsWay: true, dm: false },
  { kind: 'unsubscribed', views: [narrator, rejected], onItsWay: false, dm: true },
  { kind: 'unsubscribe-all', views: [narrator, rejected], dm: false },
  { kind: 'unsubscribe-all', views: [narrator], dm: true },
  { kind: 'list', jobs: following, health: { paused: null, since: 0 }, stale: null, dm: false, page: 1 },
  { kind: 'list', jobs: following.slice(0, 1), health: { paused: 'person', since: NOW }, stale: null, dm: true, page: 7 },
  { kind: 'list', jobs: following.slice(1), health: { paused: null, since: 0 }, stale: 'closed', dm: false, page: 1 },
  { kind: 'list', jobs: following.slice(2), health: { paused: null, since: 0 }, stale: null, dm: false, page: 1 },
  { kind: 'list', jobs: [], health: { paused: null, since: 0 }, stale: null, dm: true, page: 1 },
  { kind: 'home', jobs: following, health: { paused: null, since: 0 }, stale: null },
  { kind: 'home', jobs: following, health: { paused: 'blocked', since: NOW }, stale: 'closed' },
  ...following.map((job): ReplyMessage => ({ kind: 'home-job', job })),
  { kind: 'history', view: unread, page: 1, filter: 'all', readAt: NOW, stale: 'closed', dm: true },
  { kind: 'status', view: narrator, here: null, paused: null, readAt: NOW, stale: null, now: NOW, stretchedTo: 720_000 },
  {
    kind: 'status',
    view: narrator,
    here: following[1] ?? null,
    paused: { reason: 'person', since: NOW, destination: null },
    readAt: NOW,
    stale: 'unavailable',
    now: NOW,
    stretchedTo: null,
  },
  { kind: 'muted', view: narrator, until: NOW },
  { kind: 'unmuted', view: narrator, waiting: 2, wasMuted: true },
  { kind: 'unmuted', view: narrator, waiting: 0, wasMuted: false },
  {
    kind: 'jobs',
    search: 'narr',
    jobs: [
      {
        jobId: '26f06524-4f75',
        voiceName: 'narrator-01',
        jobType: 'BASIC',
        state: 'PROCESSING',
        failedCode: '',
        failedReason: '',
        assetId: '',
        rejectTimes: 0,
        createdAt: 1,
        updatedAt: 1,
      },
      {
        jobId: '26f06599-4f75',
        voiceName: '',
        jobType: '',
        state: '',
        failedCode: '',
        failedReason: '',
        assetId: '',
        rejectTimes: 0,
        createdAt: null,
        updatedAt: null,
      },
      {
        jobId: '26f06599-4a00',
        voiceName: '',
        jobType: '',
        state: '',
        failedCode: '',
        failedReason: '',
        assetId: '',
        rejectTimes: 0,
        createdAt: null,
        updatedAt: null,
      },
    ],
    total: 12,
    followed: new Set(['26f06524-4f75']),
    projectId: 'p',
  },
  { kind: 'jobs', search: 'zz', jobs: [], total: 0, followed: new Set(), projectId: 'p' },
  { kind: 'test-sent', dm: false, paused: null },
  { kind: 'test-sent', dm: false, paused: { reason: 'removed', since: NOW, destination: 'd1' } },
  { kind: 'test-sent', dm: true, paused: { reason: 'person', since: NOW, destination: 'd1' } },
  { kind: 'language-set', language: 'en', dm: false },
  { kind: 'language-set', language: 'zh-CN', dm: false },
  { kind: 'language-set', language: 'zh-CN', dm: true },
  { kind: 'opted-out' },
  { kind: 'help', prefix: '/voicejob ' },
  ...notices.map((notice): Message => ({ kind: 'notice', notice, jobs: following })),
  ...errors.map((error): Message => ({ kind: 'error', error })),
];
