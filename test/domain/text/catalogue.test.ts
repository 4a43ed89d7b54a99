import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Block, Card, Line } from '../../../src/domain/card.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import { SYNTAX } from '../../../src/domain/cards/help.ts';
import type { Message } from '../../../src/domain/message.ts';
import { parseCommand } from '../../../src/domain/parse-command.ts';
import { en } from '../../../src/domain/text/en.ts';
import { MESSAGES } from '../cards/all-messages.ts';
import { FIXTURES, viewAt } from '../cards/fixture-views.ts';

const SOURCES = new URL('../../../src/', import.meta.url);
const CALLERS = ['domain', 'commands', 'deliver'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, SOURCES), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/text\/(en|zh-cn)\.ts$/.test(file))
    .map((file) => readFileSync(new URL(`${folder}/${file}`, SOURCES), 'utf8')),
);

describe('the catalogue', () => {
  it('has no sentence that nobody says', () => {
    const code = CALLERS.join('\n');
    const top = Object.keys(en).filter((key) => !new RegExp(`\\.${key}\\b`).test(code));
    const buttons = Object.keys(en.button).filter((key) => !new RegExp(`button\\.${key}\\b`).test(code));
    expect([...top, ...buttons]).toEqual([]);
  });

  it('explains the commands as they can be typed', () => {
    for (const syntax of Object.values(SYNTAX)) {
      const typed = syntax.replace('<job>|all', 'narrator-01').replace('<job>', 'narrator-01').replace('2h|8h|1d', '2h').replace('en|zh-CN', 'en');
      const plain = typed.replaceAll(/ \[[^\]]*\]/g, '');
      expect(parseCommand(plain, [], { platform: 'slack', id: 'U1', name: 'Ann' }).kind, plain).toBe('ok');
    }
  });

  it('has no English word in Chinese, other than names, ids, commands and codes', () => {
    const words = new Set(messages().flatMap((message) => ourWords(cardOf(message, { language: 'zh-CN', zone: 'Asia/Shanghai', prefix: '' }))));
    expect([...words].sort()).toEqual(['HTTP', 'IAM', 'ID', 'MetaStudio', 'UTC', 'dm', 'job', 'notify', 'voicejob']);
  });

  it('says nothing in English that is left in Chinese', () => {
    for (const message of messages())
      expect(cardOf(message, { language: 'en', zone: null, prefix: '' }).blocks.flatMap(linesOf).flatMap(ownText).join('\n')).not.toMatch(/\p{Script=Han}/u);
  });
});

function messages(): Message[] {
  const lives = FIXTURES.flatMap((fixture) =>
    fixture.operations.slice(0, 12).flatMap((_, index): Message[] => {
      const view = viewAt(fixture, index + 1);
      return [
        { kind: 'live', view, preset: 'problems' },
        { kind: 'news', view, entries: view.journal.slice(-1), threads: false, dm: true, summary: 0, notify: null },
        { kind: 'news', view, entries: view.journal, threads: false, dm: false, summary: 30, notify: null },
        { kind: 'history', view, page: 1, filter: 'all', readAt: 1, stale: null, dm: false },
      ];
    }),
  );
  return [...MESSAGES, ...lives];
}

/** Latin words that are ours: of text spans and labels, without what a button names or runs. */
function ourWords(card: Card): string[] {
  const labels = card.actions
    .filter(({ name }) => name !== 'run' && name !== 'follow')
    .flatMap(({ label, confirm }) => [label, confirm?.question ?? '', confirm?.yes ?? '', confirm?.no ?? '']);
  const last = card.text.split('\n').at(-1) ?? '';
  const said = [...labels, ...(last.startsWith('时间') ? [last] : []), ...[card.title, ...card.blocks.flatMap(linesOf)].flatMap(ownText)];
  return said.flatMap((one) => one.match(/[A-Za-z]{2,}/g) ?? []);
}

function ownText(line: Line): string[] {
  return line.flatMap((span) => (span.kind === 'text' ? [span.text] : []));
}

function linesOf(block: Block): readonly Line[] {
  const label = (words: string): Line => [{ kind: 'text', text: words, bold: false }];
  switch (block.kind) {
    case 'line':
    case 'note':
      return [block.spans];
    case 'quote':
      return [block.label];
    case 'progress':
      return [block.caption, ...block.steps.map((step) => label(step.label))];
    case 'facts':
      return block.facts.flatMap((fact) => [label(fact.label), fact.value]);
    case 'list':
      return [block.title, ...block.items.flat()];
    case 'timeline':
      return block.items.map((item) => item.line);
    default:
      return block satisfies never;
  }
}
