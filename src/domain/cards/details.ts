/** What stands behind the buttons of a problem: all files, the whole reason, the attachment. */
import type { Block, Line } from '../card.ts';
import type { ReplyMessage } from '../message.ts';
import { progressOf } from '../progress.ts';
import { bold, instant, joined, line } from '../text/line.ts';
import { attemptOfFiles, fileItem, groupItem, groupsOf } from './audit.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { entryWords } from './entry.ts';
import { codeSpan, foreignName, historyButton, lineBlock, linkButton, nameSpan, noteBlock } from './parts.ts';
import { reasonBlocks, reasonsOf } from './reasons.ts';

type Reply<Kind extends ReplyMessage['kind']> = Extract<ReplyMessage, { kind: Kind }>;

/** Names on one card: with 40 characters each they stay under what Slack takes in a message. */
const MOST_FILES = 200;
/** Up to here each file has its own lines. */
const ONE_BY_ONE = 20;
/** Upstream allows 4,096 characters (op-log, external_info). */
const WHOLE_REASON = 4096;
const REVIEW_IDS = 20;

export function filesCard({ view }: Reply<'files'>, words: Words): Draft {
  const { say } = words;
  const files = view.facts?.audit?.system?.files ?? [];
  const attempt = attemptOfFiles(view, progressOf(view.journal, view.facts));
  let left = MOST_FILES;
  const items = groupsOf(files).flatMap((group): Line[][] => {
    const shown = Math.min(group.files.length, left);
    left -= shown;
    return shown === 0 ? [] : [groupItem(group, shown, words)];
  });
  const cutFiles = Math.max(0, files.length - MOST_FILES);
  const grouped: Block = { kind: 'list', title: [bold(say.filesGrouped(files.length, groupsOf(files).length))], items };
  const list: Block =
    files.length > ONE_BY_ONE ? grouped : { kind: 'list', title: [bold(say.filesNamed(files.length))], items: files.map((file) => fileItem(file, words)) };
  const note = joined([line`${attempt === null || attempt === 0 ? '' : say.attemptNote(attempt)}`, say.jobNote(codeSpan(view.shortId))], ' · ');
  return draft({
    severity: 'info',
    title: say.filesTitle(nameSpan(view)),
    blocks: [
      files.length === 0 ? lineBlock(line`${say.noFiles}`) : list,
      ...(cutFiles > 0 ? [lineBlock(line`${say.filesCut(cutFiles)}`)] : []),
      noteBlock(note),
    ],
    actions: buttons([historyButton(view, words)]),
  });
}

export function reasonCard({ view, key }: Reply<'reason'>, words: Words): Draft {
  const { say } = words;
  const progress = progressOf(view.journal, view.facts);
  const told = progress.byKey.get(key);
  if (!told) return draft({ severity: 'info', title: [nameSpan(view)], blocks: [lineBlock(line`${say.noReason}`)] });
  const { blocks } = reasonBlocks(reasonsOf(told, progress, { view, words }), WHOLE_REASON);
  const ids = told.entry.kind === 'log' ? told.entry.reviewIds.slice(0, REVIEW_IDS) : [];
  const note = joined(
    [
      told.at === null ? [] : [instant(told.at)],
      line`${told.attempt > 0 ? say.attemptNote(told.attempt) : ''}`,
      ids.length > 0
        ? say.reviewIds(
            joined(
              ids.map((id) => [codeSpan(id)]),
              ', ',
            ),
          )
        : [],
      say.jobNote(codeSpan(view.shortId)),
    ],
    ' · ',
  );
  return draft({
    severity: 'info',
    title: say.titled(nameSpan(view), entryWords(told, words)),
    blocks: [...(blocks.length === 0 ? [lineBlock(line`${say.noReason}`)] : blocks), noteBlock(note)],
    actions: buttons([historyButton(view, words)]),
  });
}

export function attachmentCard({ name, url }: Reply<'attachment'>, { say }: Words): Draft {
  const download = linkButton(say.button.download, url);
  if (!download) return draft({ severity: 'warning', blocks: [lineBlock(line`${say.attachmentGone}`)] });
  return draft({ severity: 'info', blocks: [lineBlock(say.attachmentReady(foreignName(name)))], actions: [{ ...download, style: 'primary' }] });
}
