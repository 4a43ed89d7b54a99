/**
 * English. Sentence case, present tense, no exclamation mark. In a channel nobody is addressed as the owner; "you" is said in private only.
 * What follows a voice name begins small; `sentence` and `capital` of line.ts give it its capital elsewhere.
 */
import type { Line, Span } from '../card.ts';
import type { Meaning, Step } from '../story.ts';
import type { Language, Preset } from '../subscription.ts';
import { number, plural } from './format.ts';
import { bold, code, line } from './line.ts';

const n = (value: number): string => number(value, 'en');
const entries = (count: number): string => plural(count, { one: '# entry', other: '# entries' }, 'en');
const files = (count: number): string => plural(count, { one: '# file', other: '# files' }, 'en');
const jobs = (count: number): string => plural(count, { one: '# job', other: '# jobs' }, 'en');
const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${n(count)} times`);

const meaning: Readonly<Record<Exclude<Meaning, 'other'>, string>> = {
  created: 'created',
  submitted: 'submitted for review',
  'machine-passed': 'machine review passed',
  'human-passed': 'human review passed',
  'training-finished': 'training finished',
  'upload-started': 'upload of the model started',
  completed: 'completed, the voice is ready',
  'rejected-machine': 'rejected in machine review',
  'rejected-human': 'rejected in human review',
  rejected: 'rejected in review',
  'rejected-training': 'rejected during training',
  'training-failed': 'training failed',
  'split-failed': 'splitting the audio failed',
  'upload-failed': 'failed during the upload',
  gone: 'no longer in MetaStudio',
  back: 'back in MetaStudio',
};
const step: Readonly<Record<Step, string>> = {
  created: 'Created',
  submitted: 'Submitted',
  machine: 'Machine review',
  human: 'Human review',
  training: 'Training',
  upload: 'Upload',
  completed: 'Completed',
};
const doing: Readonly<Record<Step, string>> = {
  created: 'being prepared',
  submitted: 'being prepared',
  machine: 'in machine review',
  human: 'in human review',
  training: 'training',
  upload: 'uploading the model',
  completed: 'completed',
};
const state: Readonly<Record<string, string>> = {
  CREATING: 'being prepared',
  SYSTEM_AUDITING: 'in machine review',
  AUDITING: 'in human review',
  WAITING_SPLIT: 'waiting for splitting',
  SPLITTING: 'splitting the audio',
  SPLIT_FAILED: 'splitting failed',
  ANNOTATING: 'annotating',
  WAITING: 'waiting for training',
  PROCESSING: 'training',
  RESULT_REVIEW: 'result under review',
  USER_RESULT_REVIEW: 'waiting for approval of the result',
  USER_REVIEW_REJECT: 'result refused',
  AUDIT_FAILED: 'rejected, waiting for a new submission',
  UPLOADING: 'uploading the model',
  FAILED: 'failed',
  SUCCEED: 'completed',
};
const stepSentence: Readonly<Record<Step, string>> = {
  created: 'The review starts once the submitter submits the job.',
  submitted: 'The review starts once the submitter submits the job.',
  machine: 'The machine checks the recordings; a reviewer looks at them after that.',
  human: 'A reviewer checks the recordings; training starts after that.',
  training: 'Both reviews passed. Training can take days.',
  upload: 'Training is done; the model is being uploaded.',
  completed: 'The voice is ready.',
};
const operator: Readonly<Record<string, string>> = { USER: 'submitter', ADMIN: 'reviewer', SYSTEM: 'system' };
const jobType: Readonly<Record<string, string>> = {
  BASIC: 'Basic',
  MIDDLE: 'Intermediate',
  ADVANCE: 'Advanced',
  FLEXUS: 'Flexus',
  THIRD_PARTY: 'Third party',
  THIRD_PARTY_LJZN: 'Third party',
};
const preset: Readonly<Record<Preset, string>> = { problems: 'Problems', milestones: 'Milestones', everything: 'Everything' };
const presetTells: Readonly<Record<Preset, string>> = {
  problems: 'News comes when it is rejected or its training fails.',
  milestones: 'News comes when it is submitted, approved, rejected, trained, failed or completed.',
  everything: 'News comes with every entry of its log.',
};
const languageName: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': 'Simplified Chinese' };
/** By reason (ports/chat-adapter.ts, and `person`). */
const pauseWhy: Readonly<Record<string, string>> = {
  archived: 'The channel is archived, so voicejob cannot post there.',
  'not-found': 'The channel is no longer there, or voicejob can no longer see it.',
  'not-a-member': 'voicejob is no longer a member of the channel.',
  forbidden: 'voicejob is not allowed to post there.',
  blocked: 'voicejob is blocked there.',
  removed: 'voicejob was removed from there.',
  unauthorized: 'The platform refuses the credentials of voicejob.',
  uninstalled: 'The app is no longer installed.',
  disabled: 'The app is disabled.',
  person: 'Somebody paused it.',
};
const pauseCure: Readonly<Record<string, string>> = {
  archived: 'Unarchive the channel, and it goes on where it stopped.',
  'not-found': 'Check that the channel exists and invite voicejob again. It goes on where it stopped.',
  'not-a-member': 'Invite voicejob to the channel again, and it goes on where it stopped.',
  forbidden: 'Let voicejob post there, and it goes on where it stopped.',
  blocked: 'Unblock voicejob, and it goes on where it stopped.',
  removed: 'Add voicejob again, and it goes on where it stopped.',
  unauthorized: 'Check the token or secret in the configuration.',
  uninstalled: 'Install the app again.',
  disabled: 'Enable the app again.',
  person: 'It goes on where it stopped as soon as it is resumed.',
};

/** Where something is followed: the channel, the private chat this is said in, or the private chat from elsewhere. */
export type Where = 'channel' | 'here' | 'dm';

export const en = {
  // ---- joints ---------------------------------------------------------------------------------------------------------------
  actionNeeded: 'Action needed.',
  noActionNeeded: 'No action needed.',
  /** Between two sentences. */
  gap: ' ',
  stop: '.',
  comma: ', ',
  nameComma: ', ',
  titled: (name: Span, what: Line): Line => line`${name}: ${what}`,
  labelled: (label: string, value: string): string => (value.startsWith('\n') ? `${label}:${value}` : `${label}: ${value}`),
  quoted: (words: string): string => `“${words}”`,
  inBrackets: (words: Line): Line => line` (${words})`,
  doneSteps: (names: readonly string[]): string => `Done: ${names.join(', ')}.`,
  openSteps: (names: readonly string[]): string => `Still to come: ${names.join(', ')}.`,
  buttonsAre: (labels: readonly string[]): string => `Buttons: ${labels.join(', ')}`,
  timesAre: (offset: string): string => `Times: ${offset}.`,

  // ---- words of the domain --------------------------------------------------------------------------------------------------
  meaning,
  step,
  doing,
  state,
  stepSentence,
  operator,
  jobType,
  preset,
  presetTells,
  presetButton: { problems: 'Problems only', milestones: preset.milestones, everything: preset.everything },
  resubmitted: (attempt: number): string => `submitted again, attempt ${n(attempt)}`,
  unnamedEntry: 'an entry without a name',
  nothingInLog: 'nothing in its log yet',
  after: (duration: string): string => `after ${duration}`,
  afterSubmission: (duration: string): string => `after ${duration}`,
  afterRejection: (duration: string): string => `after ${duration}`,
  toldLate: 'entered late',
  entries,
  since: (what: Line, at: Span): Line => line`${what} since ${at}`,
  at: (what: Line, at: Span): Line => line`${what}, ${at}`,

  // ---- progress and facts ---------------------------------------------------------------------------------------------------
  stepUnderWay: (position: number, of: number, name: Span, since: Span | null): Line =>
    since ? line`Step ${n(position)} of ${n(of)}: ${name}, since ${since}` : line`Step ${n(position)} of ${n(of)}: ${name}`,
  stoppedAtStep: (position: number, of: number, name: Span, at: Span | null): Line =>
    at ? line`Stopped at step ${n(position)} of ${n(of)}: ${name}, ${at}` : line`Stopped at step ${n(position)} of ${n(of)}: ${name}`,
  /** The second step while it is under way. */
  submission: 'Submission',
  allStepsDone: (of: number, at: Span | null): Line => (at ? line`${bold(`All ${n(of)} steps done`)}, ${at}` : line`${bold(`All ${n(of)} steps done`)}`),
  attempt: 'Attempt',
  attemptValue: (attempt: number, rejections: number): string => `${n(attempt)}, ${rejections === 0 ? 'no rejections' : `rejected ${times(rejections)}`}`,
  earlierAttempt: (attempt: number, how: string): string => `Attempt ${n(attempt)}: ${how}`,
  lastEntry: 'Last entry',
  job: 'Job',
  voiceAsset: 'Voice asset',
  took: 'Took',
  tookOf: (total: string, parts: readonly string[]): string => (parts.length > 0 ? `${total}, of which ${parts.join(', ')}` : total),
  tookPart: { human: (duration: string): string => `human review ${duration}`, training: (duration: string): string => `training ${duration}` },
  whereToFindIt: 'Find it in MetaStudio under My Creations > Voices.',
  finished: 'Finished: this card will not change again.',
  approveResult: 'The trained voice waits for the submitter to approve the result in MetaStudio.',
  noLongerFollowed: 'No longer followed here: this card will not change again.',

  // ---- problems -------------------------------------------------------------------------------------------------------------
  fixReasonAndFiles: (count: number): string =>
    `Answer the reviewer, fix ${count === 1 ? 'this recording' : `these ${n(count)} recordings`} and submit the job again.`,
  fixReason: 'Fix what the reviewer names and submit the job again.',
  fixFiles: (count: number): string => `Fix ${count === 1 ? 'this recording' : `these ${n(count)} recordings`} and submit the job again.`,
  fixNamedFiles: (count: number): string => `Fix the ${count === 1 ? 'recording' : `${n(count)} recordings`} that the review names and submit the job again.`,
  fixMachineReason: 'Fix what the review names and submit the job again.',
  fixTrainingReason: 'Check the recordings against the reason and submit the job again.',
  noReasonGiven: 'MetaStudio gives no reason in its log. Look at the job in the MetaStudio console, then submit it again.',
  detailsBehind: 'The buttons have the details.',
  jobEnded: 'This job has ended. Check the recordings against the reason, then create a new job.',
  jobEndedNoReason: 'This job has ended, and MetaStudio gives no reason. Look at it in the MetaStudio console, or ask support and quote the job id.',
  jobStopped: 'The job will not go on by itself. Check the recordings against the reason.',
  jobStoppedNoReason: 'The job will not go on by itself, and MetaStudio gives no reason. Look at it in the MetaStudio console.',
  askSupport: 'If the reason does not help, ask support and quote the code.',
  overtaken: 'It has been submitted again since.',
  wentOn: 'The job has gone on since.',
  unusualReason: 'This entry came with a reason; see whether it concerns you.',
  reasonOf: {
    reviewer: "Reviewer's reason",
    machine: 'Reason from the machine review',
    training: 'Reason from the training',
    other: 'Reason',
    message: "Reviewer's message",
  },
  jobFailure: (failureCode: string): Line => (failureCode === '' ? line`${bold('Job failure')}` : line`${bold('Job failure')} ${code(failureCode)}`),
  filesNamed: (count: number): string => `${files(count)} named by the review`,
  filesGrouped: (count: number, groups: number): string =>
    `${files(count)}, ${plural(groups, { one: '# kind of problem', other: '# kinds of problem' }, 'en')}`,
  files,
  andMore: (more: number): string => `and ${n(more)} more`,
  noDetails: 'no details given',
  alsoWritten: 'Also in the log',
  attachment: 'Attachment:',
  attemptNote: (attempt: number): string => `Attempt ${n(attempt)}`,
  rejectionNote: (rejections: number): string => (rejections === 1 ? 'first rejection' : `rejected ${times(rejections)} so far`),
  reviewTook: (duration: string): string => `this review took ${duration}`,
  failedAfter: (duration: string): string => `failed after ${duration} in training`,
  jobNote: (id: Span): Line => line`job ${id}`,
  reviewIds: (ids: Line): Line => line`review ${ids}`,
  reasonAdded: 'The reason was added later.',
  forAttention: (person: Span): Line => line`For the attention of ${person}.`,

  // ---- news -----------------------------------------------------------------------------------------------------------------
  newEntries: (count: number): string => plural(count, { one: '# new entry', other: '# new entries' }, 'en'),
  caughtUp: (total: number): string => `${entries(total)} came in the meantime, oldest first.`,
  catchUp: (total: number, shown: number): string =>
    `${entries(total)} came in the meantime. These are the first ${n(shown)}, oldest first; the others follow.`,
  stopInDm: (command: Span): Line => line`You follow this job here. Stop: ${command}`,
  stopHere: (command: Span): Line => line`This job is followed here. Stop: ${command}`,
  stepTook: (name: string, duration: string): string => `${name} took ${duration}`,
  goneIf: 'No action needed if someone deleted it.',
  goneElse: 'Otherwise check in the console that the job still exists.',
  lastKnown: 'Last known',
  notFoundSince: 'Not found since',
  historyStays: 'The history stays readable. If the job comes back, it is told here.',
  unknownToUpstream: 'not known to MetaStudio',
  unknownSentence: 'MetaStudio does not know this job id.',
  unknownThen: 'Check the id: follow the right one, and unfollow this one.',
  backSentence: 'MetaStudio knows the job again; it is followed as before.',
  foundAgain: 'Found again',

  // ---- notices --------------------------------------------------------------------------------------------------------------
  testTitle: 'Test: messages arrive here',
  testSentence: 'This took the same way as a real update.',
  pausedTitle: (place: Span): Line => line`${place} is paused`,
  placePaused: (dm: boolean, since: Span): Line =>
    dm
      ? line`${bold('Your direct messages from voicejob are paused')} since ${since}: nothing arrives for now.`
      : line`${bold('This channel is paused')} since ${since}: nothing arrives for now.`,
  pauseWhy,
  pauseCure,
  pauseOtherWhy: (reason: Span): Line => line`voicejob cannot post there: ${reason}.`,
  pauseOtherCure: 'It is tried again by itself and goes on where it stopped.',
  nothingLost: (waiting: number): string =>
    waiting === 0 ? 'Nothing is lost.' : `Nothing is lost: ${plural(waiting, { one: '# entry is', other: '# entries are' }, 'en')} waiting.`,
  jobsConcerned: 'Jobs concerned',
  waitingEntries: (count: number, last: Line): Line => line`${plural(count, { one: '# entry waits', other: '# entries wait' }, 'en')}; now: ${last}`,
  nothingNew: 'nothing new',
  pausedNote: (since: Span): Line => line`You get this once, because you set up this place. Paused since ${since}`,
  resumedTitle: (place: Span): Line => line`Messages are back in ${place}`,
  resumedSentence: (waiting: number): string =>
    waiting === 0 ? 'Nothing was missed.' : `${plural(waiting, { one: '# entry', other: '# entries' }, 'en')} waited meanwhile and follow in order.`,
  accessLostTitle: 'No news from MetaStudio for now',
  accessLostHere: 'No action needed here.',
  accessLostWhy: "MetaStudio no longer accepts voicejob's key. Whoever runs voicejob is told.",
  accessLostThen: 'Jobs go on as usual. What happens meanwhile is told here, in order, when access is back.',
  sinceLabel: 'Since',
  jobsFollowedHere: 'Jobs followed here',
  refusedTitle: 'MetaStudio refuses the credentials',
  refusedCheck: (accessKey: Span, secretKey: Span): Line =>
    line`Check the access key in ${accessKey} and ${secretKey} (or the IAM user), the clock of this machine, and that the account is not in arrears.`,
  answer: 'Answer',
  affected: 'Affected',
  affectedValue: (jobCount: number, places: number): string =>
    `${jobs(jobCount)} in ${plural(places, { one: '# channel or DM', other: '# channels and DMs' }, 'en')}`,
  nextTry: 'Next try',
  upstreamMessage: 'Message from MetaStudio',
  requestId: (id: Span): Line => line`Request id ${id}`,
  accessBackTitle: 'MetaStudio answers again',
  accessBackSentence: (waiting: number): string =>
    waiting === 0 ? 'Nothing was lost. What happened meanwhile follows in order.' : `Nothing was lost. ${entries(waiting)} from the meantime follow in order.`,
  platformPausedTitle: (platform: Span): Line => line`voicejob cannot post to ${platform}`,
  platformPausedThen: 'Nothing is lost; everything waits until the platform accepts voicejob again, which is tried every 5 minutes.',
  followedHere: (by: Line, name: Span, tells: string): Line => line`${name} is followed here from now on: ${bold(tells)}. Set up by ${by}.`,
  completedHere: (by: Line, name: Span): Line => line`${name} is completed already: its card is shown here, and no news is expected. Set up by ${by}.`,
  unfollowedHere: (by: Line, name: Span): Line => line`No longer followed here: ${name}. Stopped by ${by}.`,
  somebody: 'somebody',
  namedTitle: (name: Span): Line => line`You are mentioned on problems of ${name}`,
  namedSentence: (by: Line, place: Span): Line => line`You were named in ${place} by ${by}. When the job is rejected or fails, its message there mentions you.`,
  namedStop: 'One click on the button stops this everywhere.',

  // ---- replies --------------------------------------------------------------------------------------------------------------
  subscribedTitle: (name: Span, where: Where): Line => {
    if (where === 'channel') return line`This channel now follows ${name}`;
    return where === 'dm' ? line`You now follow ${name} in your direct messages` : line`You now follow ${name} here`;
  },
  alreadyTitle: (name: Span, where: Where): Line => {
    if (where === 'channel') return line`This channel follows ${name} already`;
    return where === 'dm' ? line`You follow ${name} in your direct messages already` : line`You follow ${name} here already`;
  },
  presetChanged: (before: string): string => `It was ${before} before.`,
  presetKept: 'Nothing was changed.',
  earlierEntries: (count: number): string =>
    count === 1
      ? 'Its 1 earlier entry is on its card; only new ones are posted.'
      : `Its ${n(count)} earlier entries are on its card; only new ones are posted.`,
  nothingToCome: 'It is completed already: nothing more is to come.',
  endedBefore: (state: Line): Line => line`It has ended already: ${state}. News comes only if it goes on.`,
  wholeOnCard: 'Its card comes now and shows how it went.',
  pending: 'MetaStudio has not answered for this job yet. Its card follows as soon as it does; if there is no such job, you are told that.',
  cardComes: 'Its card comes in a moment; only new entries are posted after it.',
  cardWaits: 'Its card and what happens meanwhile come when the pause is over.',
  willMention: (person: Span): Line => line`${person} is mentioned on problems.`,
  anyTime: (mute: Span, unsubscribe: Span, elsewhere: boolean): Line =>
    elsewhere ? line`Any time, in your direct messages: ${mute}, ${unsubscribe}` : line`Any time: ${mute}, ${unsubscribe}`,
  unsubscribed: (name: Span): Line => line`${bold('No longer followed here:')} ${name}.`,
  unsubscribedMany: (count: number): Line => line`${bold(`No longer followed here: ${jobs(count)}`)}`,
  unsubscribeAllAsked: (count: number, dm: boolean): Line =>
    line`${bold(`Stop following ${count === 1 ? 'the one job' : `all ${jobs(count)}`} ${dm ? 'here' : 'in this channel'}?`)}`,
  nothingChangedYet: 'Nothing is changed yet.',
  nothingMore: (dm: boolean): string => (dm ? 'Nothing more is sent to you.' : 'Nothing more is posted to this channel.'),
  onItsWay: 'A message that was already on its way may still arrive.',
  listTitle: (count: number, dm: boolean): string => (dm ? `You follow ${jobs(count)} here` : `This channel follows ${jobs(count)}`),
  needAction: (count: number): string => plural(count, { one: '# needs action.', other: '# need action.' }, 'en'),
  noneNeedsAction: 'None needs action.',
  noOtherNeedsAction: (unread: number): string => `${plural(unread, { one: '# is', other: '# are' }, 'en')} not read yet; of the others, none needs action.`,
  reaches: (dm: boolean): string => (dm ? 'Messages reach you.' : 'Messages reach this channel.'),
  pausedSince: (since: Span): Line => line`Paused since ${since}.`,
  mutedUntil: (until: Span): Line => line`muted until ${until}`,
  waiting: (count: number): string => plural(count, { one: '# entry waits', other: '# entries wait' }, 'en'),
  notReadYet: 'not read yet',
  moreOfOne: (status: Span, all: Span): Line => line`More of one job: ${status} · stop all: ${all}`,
  pageOf: (page: number, pages: number): string => `page ${n(page)} of ${n(pages)}`,
  historyTitle: (name: Span): Line => line`History of ${name}`,
  historyProblems: (name: Span): Line => line`Problems of ${name}`,
  completedAfter: (duration: string): string => (duration === '' ? 'Completed.' : `Completed after ${duration}.`),
  attemptsAndRejections: (attempts: number, rejections: number): string =>
    `${plural(attempts, { one: '# attempt', other: '# attempts' }, 'en')}, ${rejections === 0 ? 'no rejections' : plural(rejections, { one: '# rejection', other: '# rejections' }, 'en')}.`,
  whereTimeWent: 'Where the time went',
  spender: { submitter: 'Submitter', human: 'Human review', training: 'Training, with its queue', machine: 'Machine review and upload' },
  noEntries: 'The log has no entry yet.',
  noProblems: 'The log has no problem.',
  allEntriesShown: (count: number): string => `${entries(count)}, oldest first`,
  entriesShown: (from: number, to: number, count: number): string => `Entries ${n(from)} to ${n(to)} of ${n(count)}`,
  asOf: (at: Span): Line => line`as of ${at}`,
  staleClosed: "MetaStudio does not accept voicejob's key at the moment.",
  staleUnavailable: 'MetaStudio cannot be read at the moment.',
  knownAt: (at: Span): Line => line`This is what was known ${at}.`,
  soFar: (duration: string): string => `In this step for ${duration} so far.`,
  stateInMetaStudio: 'State in MetaStudio',
  followed: 'Followed here',
  notFollowed: 'no',
  readAt: (at: Span): Line => line`Read from MetaStudio ${at}`,
  stretched: (duration: string): string => `At the moment many jobs share the request budget: this one is looked at every ${duration}.`,
  filesTitle: (name: Span): Line => line`${name}: files named by the review`,
  noFiles: 'The latest review result names no files.',
  filesCut: (count: number): string => `${files(count)} more are in the MetaStudio console.`,
  noReason: 'No reason is known for this entry.',
  attachmentReady: (name: Span): Line => line`${bold('The attachment')} ${name} ${bold('is ready.')} The link works for a short time and only you see it.`,
  attachmentGone: 'The attachment is no longer there, or cannot be read at the moment.',
  muted: (name: Span, until: Span): Line => line`${name} is muted until ${until}. What happens meanwhile is kept and told then. The card stays current.`,
  notMuted: (name: Span): Line => line`${name} is not muted.`,
  unmuted: (name: Span): Line => line`${name} is heard again.`,
  keptFollow: (count: number): string =>
    count === 0 ? 'Nothing happened meanwhile.' : `${plural(count, { one: '# kept entry follows.', other: '# kept entries follow.' }, 'en')}`,
  jobsTitle: (total: number): string => jobs(total),
  jobsMatching: (total: number, search: Span): Line => line`${jobs(total)} with ${search} in the name or id`,
  noJobs: 'This project has no jobs.',
  noJobsMatching: (search: Span): Line => line`No job has ${search} in its name or id.`,
  jobsShown: (shown: number, total: number): string => `The first ${n(shown)} of ${n(total)}; part of a name narrows it down.`,
  followedMark: 'followed here',
  testSent: (dm: boolean): string => (dm ? 'A test message is on its way to you.' : 'A test message is on its way to this channel.'),
  testWaits: 'The test message comes when the pause is over.',
  testSentThen: 'If it does not come within a minute, the way is blocked.',
  /** In a DM it is said in the new language itself, in a channel in the asker's. */
  languageSet: (language: Language, dm: boolean): string =>
    dm ? `voicejob now speaks ${languageName[language]} to you.` : `Messages in this channel are now in ${languageName[language]}.`,
  reasonsStay: 'Reasons from reviewers stay in their own words.',
  optedOut: 'You are no longer mentioned on problems, wherever somebody named you.',
  optedOutThen: 'Nobody can name you again.',

  // ---- errors ---------------------------------------------------------------------------------------------------------------
  unknownCommand: (input: Span): Line => line`${bold('No such command:')} ${input}.`,
  didYouMean: (command: Span): Line => line`Did you mean ${command}?`,
  nothingChanged: 'Nothing was changed.',
  missingJob: (command: Span): Line => line`${bold('Which job?')} ${command} needs a voice name or the start of a job id.`,
  forExample: (command: Span): Line => line`For example: ${command}`,
  badArgument: (command: Span, input: Span): Line => line`${command} ${bold('does not know')} ${input}.`,
  badArgumentEmpty: (command: Span): Line => line`${command} ${bold('needs one more word.')}`,
  expected: {
    preset: (words: Line): Line => line`After the job comes what to tell: ${words}.`,
    'one-job': (): Line => line`It takes one job at a time; a name with spaces goes in quotes.`,
    duration: (words: Line): Line => line`A mute lasts from 1 minute to 30 days, such as ${words}.`,
    language: (words: Line): Line => line`It knows ${words}.`,
  },
  durationMissing: (command: Span): Line => line`${bold('For how long?')} ${command} needs a duration.`,
  noDuration: (input: Span): Line => line`${input} ${bold('is no duration.')}`,
  noSuchJob: (input: Span): Line => line`${bold('No job matches')} ${input}.`,
  idTooShort: (needed: number): string => `If it is the start of an id: that takes ${n(needed)} characters or more.`,
  nearestIs: (names: Line): Line => line`The nearest: ${names}.`,
  searchByPart: (command: Span): Line => line`Search by part of a name: ${command}`,
  seeAll: (command: Span): Line => line`All jobs: ${command}`,
  ambiguous: (count: number, input: Span): Line => line`${bold(`${jobs(count)} match`)} ${input}${bold('. Which one?')}`,
  upstreamRefused: (input: Span): Line => line`${bold('MetaStudio refuses')} ${input}.`,
  upstreamCode: 'Code',
  upstreamDown: 'MetaStudio cannot be reached at the moment.',
  upstreamDownSince: (at: Span): Line => line`That is so since ${at}.`,
  upstreamRefuses: "MetaStudio refuses voicejob's credentials at the moment.",
  upstreamRefusesThen: 'Whoever runs voicejob has to mend that.',
  nothingIsLost: 'Jobs that are followed lose nothing.',
  giveFullId: 'For a new one, give its full id, or try again later.',
  tryLater: 'Try again later.',
  notFollowedHere: (name: Span): Line => line`${name} is not followed here.`,
  nothingFollowed: (dm: boolean): string => (dm ? 'You follow no job here.' : 'This channel follows no job.'),
  startWith: (command: Span): Line => line`Start with ${command}`,
  notAMember: 'Only members of the channel can change what it follows.',
  joinFirst: 'Join the channel first, or follow the job in a private chat with voicejob.',
  guestsRefused: 'voicejob answers only members of this organisation.',
  guestsAsk: 'Guests can read its messages, but not use its commands.',
  cannotNotify: (input: Span): Line => line`${bold('Nobody to notify is named by')} ${input}.`,
  notifyInChannels: 'Others can be mentioned in channels only: a private chat has one reader.',
  cannotNotifyThen: 'Name one person of this organisation with @.',
  optedOutPerson: (name: Span): Line => line`${name} does not want to be mentioned.`,
  tooOld: 'This button is too old to know what it was for.',
  tooOldThen: 'Type the command instead.',
  internal: 'Something went wrong inside voicejob.',
  internalThen: (reference: Span): Line => line`Try again; if it stays, tell whoever runs voicejob this reference: ${reference}`,

  // ---- help -----------------------------------------------------------------------------------------------------------------
  helpTitle: 'What voicejob can do',
  helpIntro: (command: Span): Line => line`It tells what happens to voice-training jobs. Start with ${command}`,
  helpGroups: { follow: 'Follow', ask: 'Ask', settings: 'Settings' },
  helpOf: {
    subscribe: 'Follow a job here. Add --dm for yourself only, --notify @someone to mention a person on problems.',
    mute: 'Hold messages for a while, from 1 minute to 30 days, such as 30m, 8h or 1d12h; they are kept and told after.',
    unmute: 'End that early.',
    unsubscribe: 'Stop following.',
    status: 'Where a job stands now.',
    history: 'Everything that happened, with the time per step.',
    jobs: 'Find a job by name or id.',
    list: 'What is followed here.',
    language: 'Language of this channel, or yours in a private chat.',
    test: 'Send a test message the real way.',
  },
  helpNote: '<job> is a voice name or the start of a job id. Answers are visible only to you.',

  // ---- buttons --------------------------------------------------------------------------------------------------------------
  button: {
    history: 'History',
    unfollow: 'Unfollow',
    unfollowAll: (count: number): string => (count === 1 ? 'Unfollow it' : `Unfollow all ${n(count)}`),
    followAgain: 'Follow again',
    undo: 'Undo',
    unmute: 'Unmute',
    mute: 'Mute for 8 hours',
    followHere: 'Follow here',
    allJobs: 'All jobs',
    list: 'What is followed',
    allFiles: (count: number): string => (count === 1 ? 'The file' : `All ${files(count)}`),
    wholeReason: 'Whole reason',
    attachment: 'Get attachment',
    download: 'Download',
    refresh: 'Refresh',
    share: 'Share here',
    older: '← Older',
    newer: 'Newer →',
    next: 'Next page',
    previous: 'Previous page',
    problemsOnly: 'Problems only',
    allEntries: 'All entries',
    allCommands: 'All commands',
    searchJobs: 'Search jobs',
    openJob: 'Open in MetaStudio',
    tryNow: 'Try again now',
    resume: 'Resume',
    optOut: 'Do not mention me',
    run: (command: string): string => `Run: ${command}`,
    follow: (name: string): string => `Follow ${name}`,
    /** Before a voice name. */
    about: { subscribe: 'Follow', unsubscribe: 'Unfollow', history: 'History', status: 'Status', mute: 'Mute', unmute: 'Unmute' },
  },
  unfollowQuestion: 'Stop following here? Nothing more of this job is told here. It can be followed again at any time.',
  unfollowYes: 'Unfollow',
  unfollowNo: 'Keep',

  // ---- the form -------------------------------------------------------------------------------------------------------------
  form: {
    title: 'Follow a job',
    submit: 'Follow',
    cancel: 'Cancel',
    job: 'Job',
    jobHint: 'Voice name or job id',
    preset: 'What to tell',
    dm: 'Only for me, as a private message',
    notifyMe: 'Mention me on problems',
    jobMissing: 'Choose a job.',
    jobUnknown: 'No such job. Choose one from the list or give its full id.',
  },
};

/** The shape that every language has. */
export type Catalogue = typeof en;
