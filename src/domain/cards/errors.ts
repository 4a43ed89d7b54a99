/** A command that did not work: what was wrong, and the nearest right one on a button. */
import type { CardAction, Line } from '../card.ts';
import type { Command } from '../command.ts';
import { jobIdOf } from '../job.ts';
import type { CommandError } from '../message.ts';
import { bold, code, foreign, instant, joined, line, sentence } from '../text/line.ts';
import { twoSentences } from './confirmations.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { nothingFollowedCard } from './lists.ts';
import { button, codeSpan, commandText, cut, foreignName, lineBlock, nameOf, nameSpan, oneLine, stateWords } from './parts.ts';

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
    case 'bad-argument': {
      const first = oneLine(error.input) === '' ? say.badArgumentEmpty(code(error.command)) : say.badArgument(code(error.command), codeSpan(error.input));
      return failed(
        [joined([first, line`${say.nothingChanged}`], say.gap), say.forExample(code(error.example))],
        [runButton(error.example, words), allCommands(words)],
      );
    }
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
    case 'upstream-down': {
      const since = error.since === null || error.since === 0 ? [] : say.upstreamDownSince(instant(error.since));
      return failed([joined([[bold(say.upstreamDown)], since], say.gap), line`${say.upstreamDownThen}`], []);
    }
    case 'not-followed': {
      const { view } = error;
      const follow = button(say.button.follow(nameOf(view)), { name: 'follow', job: view.job, preset: 'milestones' }, { style: 'primary' });
      return failed([say.notFollowedHere(nameSpan(view))], [follow]);
    }
    case 'nothing-followed':
      return nothingFollowedCard(error.dm, words);
    case 'not-a-member':
      return twoSentences(say.notAMember, say.joinFirst, words);
    case 'guests-refused':
      return twoSentences(say.guestsRefused, say.guestsAsk, words);
    case 'cannot-notify':
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

function runButton(command: string, { say }: Words): CardAction {
  return button(say.button.run(command), { name: 'run', text: command }, { style: 'primary' });
}

function allCommands({ say }: Words): CardAction {
  return button(say.button.allCommands, { name: 'help' });
}

function unknownCommand({ input, nearest }: Of<'unknown-command'>, words: Words): Draft {
  const { say } = words;
  const meant = nearest === null ? [] : say.didYouMean(code(nearest));
  return failed(
    [joined([say.unknownCommand(codeSpan(input)), meant], say.gap), line`${say.nothingChanged}`],
    [...(nearest === null ? [] : [runButton(nearest, words)]), allCommands(words)],
  );
}

function noSuchJob({ input, nearest }: Of<'no-such-job'>, words: Words): Draft {
  const { say } = words;
  const shown = nearest.slice(0, NEAREST);
  const near =
    shown.length === 0
      ? []
      : say.nearestIs(
          joined(
            shown.map((name) => [foreignName(name)]),
            ', ',
          ),
        );
  const start = [...oneLine(input)].slice(0, SEARCH_LENGTH).join('').trim();
  const search = commandText({ name: 'jobs', search: start });
  const follow = shown.slice(0, 2).map((name) =>
    button(say.button.follow(cut(oneLine(name), 40)), {
      name: 'run',
      text: commandText({ name: 'subscribe', job: name, preset: null, dm: false, notify: null }),
    }),
  );
  return failed(
    [joined([say.noSuchJob(codeSpan(input)), near], say.gap), say.searchByPart(code(search))],
    [...follow, button(say.button.searchJobs, { name: 'run', text: search })],
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
