/** Every operator's command, and what is said to a wrong one. */
import { nearestOf } from '../domain/nearest.ts';
import { type AdminDeps, type Answer, type Typed, WHERE_IDS_ARE } from './answer.ts';
import { handOver, movePlace, pausePlace, remove, resumePlace } from './change.ts';
import { deadLetters } from './dead-letters.ts';
import { history } from './history.ts';
import { list } from './list.ts';
import { audit, forget } from './people.ts';

type Command = {
  /** What follows its name. */
  readonly usage: string;
  readonly about: string;
  readonly example: string;
  /** Words it needs at least and takes at most. */
  readonly words: readonly [least: number, most: number];
  readonly flags?: readonly string[];
  readonly run: (typed: Typed, deps: AdminDeps) => Promise<Answer>;
};

/** Needs more than the store, so it is not run from here. */
export const DOCTOR = 'doctor';

const COMMANDS: Readonly<Record<string, Command>> = {
  list: {
    usage: '[--json]',
    about: 'all subscriptions with owner, state, health and last delivery',
    example: 'list',
    words: [0, 0],
    flags: ['--json'],
    run: (typed, deps) => list(typed, '', deps),
  },
  search: {
    usage: '<text> [--json]',
    about: 'those that have the text in a name, an id, their state or health',
    example: 'search voice-lab',
    words: [1, Number.POSITIVE_INFINITY],
    flags: ['--json'],
    run: (typed, deps) => list(typed, typed.words.join(' '), deps),
  },
  pause: {
    usage: '<destination>',
    about: 'tells nothing there until resumed',
    example: "pause '#voice-lab'",
    words: [1, 1],
    run: ({ words }, deps) => pausePlace(word(words, 0), deps),
  },
  resume: {
    usage: '<destination>',
    about: 'tells there again, whatever paused it',
    example: "resume '#voice-lab'",
    words: [1, 1],
    run: ({ words }, deps) => resumePlace(word(words, 0), deps),
  },
  move: {
    usage: '<destination> <to>',
    about: 'takes all subscriptions of a place to another, with what waits',
    example: "move '#voice-lab' '#voice-lab-2'",
    words: [2, 2],
    run: ({ words }, deps) => movePlace(word(words, 0), word(words, 1), deps),
  },
  remove: {
    usage: '<subscription or destination>',
    about: 'ends a subscription, or all of a place',
    example: 'remove slack.a1B2c3D4/26f06524',
    words: [1, 1],
    run: ({ words }, deps) => remove(word(words, 0), deps),
  },
  'hand-over': {
    usage: '<subscription or destination> <owner>',
    about: 'somebody else hears when it can not be delivered',
    example: 'hand-over slack.a1B2c3D4/26f06524 slack:U123',
    words: [2, 2],
    run: ({ words }, deps) => handOver(word(words, 0), word(words, 1), deps),
  },
  'dead-letters': {
    usage: '[replay <id> | drop <id>] [--json]',
    about: 'messages that a platform refused for good',
    example: 'dead-letters replay 12',
    words: [0, 2],
    flags: ['--json'],
    run: deadLetters,
  },
  history: { usage: '<job> [--csv]', about: 'all of a job’s log', example: 'history 26f06524 --csv', words: [1, 1], flags: ['--csv'], run: history },
  forget: {
    usage: '<user>',
    about: 'removes all that is known of a person',
    example: 'forget slack:U123',
    words: [1, 1],
    run: ({ words }, deps) => forget(word(words, 0), deps),
  },
  audit: { usage: '[--json]', about: 'who changed what, newest first', example: 'audit', words: [0, 0], flags: ['--json'], run: audit },
  [DOCTOR]: {
    usage: '',
    about: 'looks at the configuration, MetaStudio, the chats and Redis, and says how to mend them',
    example: 'doctor',
    words: [0, 0],
    run: async () => ({ exit: 0, text: '' }),
  },
};

export type Chosen =
  | { readonly kind: 'command'; readonly name: string; readonly run: (deps: AdminDeps) => Promise<Answer> }
  | { readonly kind: 'wrong'; readonly answer: Answer };

/** Reads what was typed. A wrong command gets the nearest right one and an example. */
export function chooseCommand(argv: readonly string[]): Chosen {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help') return { kind: 'wrong', answer: { exit: name === undefined ? 2 : 0, text: usage() } };
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const [nearest] = nearestOf(name, Object.keys(COMMANDS), 1);
    const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?\nFor example: npm run admin -- ${COMMANDS[nearest]?.example}`;
    return wrong(`There is no command "${name}".${hint}${nearest === undefined ? `\n\n${usage()}` : ''}`);
  }
  const flags = rest.filter((one) => one.startsWith('--'));
  const words = rest.filter((one) => !one.startsWith('--'));
  const known = command.flags ?? [];
  const stray = flags.find((flag) => !known.includes(flag));
  const line = `${name} ${command.usage}`.trim();
  if (stray !== undefined) return wrong(`${name} does not take "${stray}".\nIt is: npm run admin -- ${line}`);
  const [least, most] = command.words;
  if (words.length < least || words.length > most) {
    return wrong(
      `${name} takes ${words.length < least ? 'more' : 'fewer'} words.\nIt is: npm run admin -- ${line}\nFor example: npm run admin -- ${command.example}`,
    );
  }
  return { kind: 'command', name, run: (deps) => command.run({ words, flags: new Set(flags) }, deps) };
}

function wrong(text: string): Chosen {
  return { kind: 'wrong', answer: { exit: 2, text } };
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, { usage: tail, about }]) => `  ${`${name} ${tail}`.padEnd(50)} ${about}`);
  return [
    'usage: npm run admin -- <command>',
    ...lines,
    'A destination is named by its id, the start of it, or its name, as list shows them; a subscription by its id, the start of it,',
    "destination/voice name, or the voice's name where only one subscription has it.",
    `A person is named as platform:id. ${WHERE_IDS_ARE}`,
  ].join('\n');
}

function word(words: readonly string[], at: number): string {
  return words[at] ?? '';
}
