/** A command that did not work: what was wrong, and the nearest right one on a button. */
import type { CardAction, Line } from '../card.ts';
import type { Command } from '../command.ts';
import { EXAMPLE_JOB } from '../command-words.ts';
import { formatCommand } from '../format-command.ts';
import { ID_START, isJobId, jobIdOf } from '../job.ts';
import type { CommandError } from '../message.ts';
import { parseCommand } from '../parse-command.ts';
import { LANGUAGES, PRESETS } from '../subscription.ts';
import { bold, code, foreign, instant, joined, line, sentence } from '../text/line.ts';
import { twoSentences } from './confirmations.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { nothingFollowedCard } from './lists.ts';
import { button, codeSpan, commandText, cut, foreignName, lineBlock, NOBODY, nameOf, nameSpan, oneLine, stateWords } from './parts.ts';

type Of<Kind extends CommandError['kind']> = Extract<CommandError, { kind: Kind }>;

/** As many as have a button. */
const CHOICES = 5;
const NEAREST = 3;
/** Enough of a wrong name to search by. */
const SEARCH_LENGTH = 4;
const UPSTREAM_WORDS = 500;

export function errorCard(error: CommandError, words: Words): Draft {
  const { say } = words;
  switch (error.kind) {
    case 'unknown-command':
      return unknownCommand(error, words);
    case 'missing-job':
      return failed([say.missingJob(code(error.command)), say.forExample(code(error.example))], [allCommands(words)]);
    case 'bad-argument':
      return badArgument(error, words);
    case 'no-such-job':
      return noSuchJob(error, words);
    case 'ambiguous-job':
      return ambiguous(error, words);
    case 'upstream-refused': {
      const { severity, blocks } = failed([say.upstreamRefused(codeSpan(error.input))], []);
      const facts = oneLine(error.code) === '' ? [] : [{ label: say.upstreamCode, value: [codeSpan(error.code)] }];
      return draft({
        severity,
        blocks: [...blocks, { kind: 'facts', facts }, { kind: 'quote', label: [bold(say.upstreamMessage)], text: cut(error.message, UPSTREAM_WORDS) }],
        actions: [button(say.button.searchJobs, { name: 'run', text: 'jobs' })],
      });
    }
    case 'upstream-down':
    case 'upstream-refuses':
      return upstreamDown(error, words);
    case 'not-followed': {
      const { view } = error;
      const follow = button(say.button.follow(nameOf(view)), { name: 'follow', job: view.job, preset: 'milestones' }, { style: 'primary' });
      return failed([say.notFollowedHere(nameSpan(view))], [follow, button(say.button.list, { name: 'run', text: 'list' })]);
    }
    case 'nothing-followed':
      return nothingFollowedCard(error.dm, words);
    case 'not-a-member':
      return twoSentences(say.notAMember, say.joinFirst, words);
    case 'guests-refused':
      return twoSentences(say.guestsRefused, say.guestsAsk, words);
    case 'cannot-notify':
      if (error.why === 'channels-only') return failed([[bold(say.notifyInChannels)], line`${say.nothingChanged}`], []);
      return failed([joined([say.cannotNotify(codeSpan(error.input)), line`${say.cannotNotifyThen}`], say.gap), line`${say.nothingChanged}`], []);
    case 'opted-out-person':
      return failed([joined([say.optedOutPerson(foreignName(error.name)), line`${say.nothingChanged}`], say.gap)], []);
    case 'too-old':
      return failed([joined([[bold(say.tooOld)], line`${say.tooOldThen}`], say.gap)], [allCommands(words)]);
    case 'internal':
      return failed([[bold(say.internal)], say.internalThen(codeSpan(error.reference))], []);
    default:
      return error satisfies never;
  }
}

function failed(lines: readonly Line[], actions: readonly CardAction[]): Draft {
  return draft({ severity: 'warning', blocks: lines.map(lineBlock), actions: buttons(actions) });
}

/** A button that runs a suggestion, if it would run as it stands, says nothing of a made-up job, and ends nothing but what was named. */
function runButtons(commands: readonly string[], { say }: Words): CardAction[] {
  return commands.filter(isWorthRunning).map((command) => button(say.button.run(command), { name: 'run', text: command }, { style: 'primary' }));
}

function isWorthRunning(text: string): boolean {
  const parsed = parseCommand(text, [], NOBODY);
  if (parsed.kind === 'error') return false;
  const { command } = parsed;
  return command.name !== 'unsubscribe-all' && !('job' in command && command.job === EXAMPLE_JOB);
}

function allCommands({ say }: Words): CardAction {
  return button(say.button.allCommands, { name: 'help' });
}

function unknownCommand({ input, nearest }: Of<'unknown-command'>, words: Words): Draft {
  const { say } = words;
  const meant = nearest === null ? [] : say.didYouMean(code(nearest));
  return failed(
    [joined([say.unknownCommand(codeSpan(input)), meant], say.gap), line`${say.nothingChanged}`],
    [...runButtons(nearest === null ? [] : [nearest], words), allCommands(words)],
  );
}

const LANGUAGE_EXAMPLES = LANGUAGES.map((language) => formatCommand({ name: 'language', language }, NOBODY));
const DURATIONS = ['2h', '8h', '1d'];

function badArgument({ command, input, example, expected }: Of<'bad-argument'>, words: Words): Draft {
  const { say } = words;
  const isMissing = oneLine(input) === '';
  const missing = expected === 'duration' ? say.durationMissing(code(command)) : say.badArgumentEmpty(code(command));
  const wrong = expected === 'duration' ? say.noDuration(codeSpan(input)) : say.badArgument(code(command), codeSpan(input));
  const first = isMissing ? missing : wrong;
  const changed = joined([first, line`${say.nothingChanged}`], say.gap);
  const all = (options: readonly string[]): Line =>
    joined(
      options.map((option) => [code(option)]),
      say.nameComma,
    );
  switch (expected) {
    case 'preset':
      return failed([changed, say.expected.preset(all(PRESETS)), say.forExample(code(example))], [...runButtons([example], words), allCommands(words)]);
    case 'one-job':
      return failed([changed, say.expected['one-job'](), say.forExample(code(example))], [...runButtons([example], words), allCommands(words)]);
    case 'duration':
      // How long somebody wants to hear nothing is not for us to guess.
      return failed(
        [changed, say.expected.duration(all(DURATIONS)), say.forExample(code(example))],
        [...runButtons(isMissing ? [example] : [], words), allCommands(words)],
      );
    case 'language':
      return failed([changed, say.expected.language(all(LANGUAGE_EXAMPLES))], [...runButtons(LANGUAGE_EXAMPLES, words), allCommands(words)]);
    case 'other':
      return failed([changed, say.forExample(code(example))], [...runButtons([example], words), allCommands(words)]);
    default:
      return expected satisfies never;
  }
}

function upstreamDown({ kind, since, byId }: Of<'upstream-down' | 'upstream-refuses'>, { say }: Words): Draft {
  const from = since === null || since === 0 ? [] : say.upstreamDownSince(instant(since));
  const cure = kind === 'upstream-refuses' ? say.upstreamRefusesThen : '';
  const then = byId ? say.giveFullId : kind === 'upstream-refuses' ? '' : say.tryLater;
  return failed(
    [
      joined([[bold(kind === 'upstream-refuses' ? say.upstreamRefuses : say.upstreamDown)], from], say.gap),
      joined([line`${cure}`, line`${say.nothingIsLost}`, line`${then}`], say.gap),
    ],
    [],
  );
}

function noSuchJob({ input, nearest, command }: Of<'no-such-job'>, words: Words): Draft {
  const { say } = words;
  const shown = nearest.slice(0, NEAREST);
  const near =
    shown.length === 0
      ? []
      : say.nearestIs(
          joined(
            shown.map((name) => [foreignName(name)]),
            say.nameComma,
          ),
        );
  // A search that is known to find nothing is no help.
  const start = [...oneLine(input)].slice(0, SEARCH_LENGTH).join('').trim();
  const isStart = start !== '' && shown.some((name) => name.toLowerCase().startsWith(start.toLowerCase()));
  const search = commandText({ name: 'jobs', search: isStart ? start : '' });
  // Who asked to read is not made to follow: the same command, about the job that was meant.
  const same = shown
    .slice(0, 2)
    .map((name) => button(`${say.button.about[command.name]} ${cut(oneLine(name), 40)}`, { name: 'run', text: commandText({ ...command, job: name }) }));
  const short = isJobId(input.trim()) && input.trim().length < ID_START ? line`${say.idTooShort(ID_START)}` : [];
  return failed(
    [joined([say.noSuchJob(codeSpan(input)), near, short], say.gap), isStart ? say.searchByPart(code(search)) : say.seeAll(code(search))],
    [...same, button(isStart ? say.button.searchJobs : say.button.allJobs, { name: 'run', text: search })],
  );
}

function ambiguous({ input, candidates, command }: Of<'ambiguous-job'>, words: Words): Draft {
  const { say } = words;
  const shown = candidates.slice(0, CHOICES);
  const items = shown.map(({ shortId, name, state }): Line[] => {
    const known = oneLine(name) === '' ? [] : line`${{ ...foreign(cut(oneLine(name), 60)), bold: true }} `;
    return [line`${known}${codeSpan(shortId)}`, sentence(stateWords(state, words))].filter((one) => one.length > 0);
  });
  return draft({
    severity: 'warning',
    blocks: [lineBlock(say.ambiguous(candidates.length, codeSpan(input))), { kind: 'list', title: [], items }],
    actions: buttons(
      shown.map(({ job, shortId }) => button(shortId, { name: 'run', text: commandText(aboutJob(command, jobIdOf(job))) })),
      CHOICES,
    ),
  });
}

/** The same command about one job. */
function aboutJob(command: Command, job: string): Command {
  return 'job' in command ? { ...command, job } : command;
}
