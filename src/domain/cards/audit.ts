/** What the audit result says of one attempt. Upstream keeps only the latest of each kind, so that what is older or newer must not pass for it. */
import type { Block, Line } from '../card.ts';
import type { FileProblem } from '../job.ts';
import type { JobView } from '../message.ts';
import { instantMs } from '../operation.ts';
import type { Progress } from '../progress.ts';
import { listed } from '../text/format.ts';
import { bold, foreign, joined, line } from '../text/line.ts';
import type { Words } from './draft.ts';
import { codeSpan, cut, fileName, oneLine } from './parts.ts';

/** More files than this are grouped by problem. */
const FILES_SHOWN = 5;
/** Names in a group on a card of news. */
const NAMES_SHOWN = 5;
/** Groups on a card of news. */
const GROUPS_SHOWN = 5;
/** A file's problem: upstream allows 256 characters. */
const PROBLEM_LENGTH = 256;

export type Review = { readonly files: readonly FileProblem[]; readonly message: string; readonly attachmentName: string };

/** The review results that belong to an attempt, by their time. A result without a time counts only while there is no other attempt. */
export function reviewOf(view: JobView, progress: Progress, attempt: number): Review {
  const { system = null, admin = null } = view.facts?.audit ?? {};
  const belongs = (time: number | null): boolean => isWithin(instantMs(time), progress, attempt);
  const adminHere = admin && belongs(admin.time) ? admin : null;
  return {
    files: system && belongs(system.time) ? system.files : [],
    message: adminHere?.message ?? '',
    attachmentName: oneLine(adminHere?.attachmentName ?? ''),
  };
}

function isWithin(at: number | null, progress: Progress, attempt: number): boolean {
  const onlyAttempt = progress.attempt <= 1;
  const from = submittedAt(progress, attempt);
  const until = submittedAt(progress, attempt + 1);
  if (at === null || from === null) return onlyAttempt;
  return at >= from && (until === null ? attempt === progress.attempt : at < until);
}

function submittedAt(progress: Progress, attempt: number): number | null {
  return progress.told.find((told) => told.meaning === 'submitted' && told.attempt === attempt)?.at ?? null;
}

/** The attempt that the latest result of the machine review belongs to, or null. */
export function attemptOfFiles(view: JobView, progress: Progress): number | null {
  const system = view.facts?.audit?.system;
  if (!system) return null;
  const attempts = Array.from({ length: Math.max(progress.attempt, 1) }, (_, index) => progress.attempt - index);
  return attempts.find((attempt) => isWithin(instantMs(system.time), progress, attempt)) ?? null;
}

type Group = { readonly message: string; readonly code: string; readonly files: readonly FileProblem[] };

/** Files by problem, the biggest group first. */
export function groupsOf(files: readonly FileProblem[]): Group[] {
  const groups = new Map<string, FileProblem[]>();
  for (const file of files) {
    const key = JSON.stringify([file.message, file.code]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()]
    .map((members) => ({ message: members[0]?.message ?? '', code: members[0]?.code ?? '', files: members }))
    .sort((a, b) => b.files.length - a.files.length);
}

/** Up to 5 files one by one, more of them by problem. Nothing without files. */
export function filesBlocks(files: readonly FileProblem[], words: Words): Block[] {
  if (files.length === 0) return [];
  const { say } = words;
  if (files.length <= FILES_SHOWN)
    return [{ kind: 'list', title: line`${bold(say.filesNamed(files.length))}`, items: files.map((file) => fileItem(file, words)) }];
  const groups = groupsOf(files);
  const items = groups.slice(0, GROUPS_SHOWN).map((group) => groupItem(group, NAMES_SHOWN, words));
  return [{ kind: 'list', title: line`${bold(say.filesGrouped(files.length, groups.length))}`, items }];
}

/** True when `filesBlocks` leaves something out. */
export function areFilesCut(files: readonly FileProblem[]): boolean {
  const groups = groupsOf(files);
  return files.length > FILES_SHOWN && (groups.length > GROUPS_SHOWN || groups.some((group) => group.files.length > NAMES_SHOWN));
}

/** A file and its problem. */
export function fileItem(file: FileProblem, words: Words): Line[] {
  const audio = fileName(file.audio);
  const text = fileName(file.text);
  const name = audio || text;
  const beside = audio !== '' && text !== '' ? line` · ${foreign(text)}` : [];
  return [line`${name === '' ? [] : { kind: 'foreign', text: name, bold: true }}${beside}`, problemLine(file, words)];
}

/** The files of one problem, at most `names` by name. */
export function groupItem(group: Group, names: number, words: Words): Line[] {
  const shown = group.files.slice(0, names).map((file) => fileName(file.audio) || fileName(file.text));
  const named = shown.filter((name) => name !== '');
  const more = group.files.length - shown.length;
  const list = joined([named.length === 0 ? [] : [foreign(listed(named))], line`${more > 0 ? words.say.andMore(more) : ''}`], ' ');
  return [line`${bold(words.say.files(group.files.length))} · ${problemLine(group, words)}`, ...(list.length > 0 ? [list] : [])];
}

function problemLine(problem: { readonly message: string; readonly code: string }, { say }: Words): Line {
  const message = cut(oneLine(problem.message), PROBLEM_LENGTH);
  const errorCode = oneLine(problem.code) === '' ? [] : [codeSpan(problem.code)];
  if (message === '' && errorCode.length === 0) return line`${say.noDetails}`;
  return message === '' ? errorCode : line`${foreign(message)}${errorCode.length > 0 ? line`  ${errorCode}` : []}`;
}
