/** Cards as voicejob sends them, for looking at the page. */
import type { Card, CardAction, Line, Span, StepMark } from '../../../src/domain/card.ts';

export const text = (words: string): Span => ({ kind: 'text', text: words, bold: false });
export const bold = (words: string): Span => ({ kind: 'text', text: words, bold: true });
export const foreign = (words: string): Span => ({ kind: 'foreign', text: words, bold: false });
export const code = (words: string): Span => ({ kind: 'code', text: words });

const STEPS = ['Created', 'Submitted', 'Machine review', 'Human review', 'Training', 'Upload', 'Completed'];

export function button(label: string, name: string, more: Partial<CardAction> = {}): CardAction {
  return { name, value: 'p/26f06524', label, url: null, style: 'default', confirm: null, ...more };
}

function steps(at: number, mark: StepMark): { readonly label: string; readonly mark: StepMark }[] {
  return STEPS.map((label, index) => ({ label, mark: index < at ? 'done' : index === at ? mark : 'open' }));
}

function card(title: Line, more: Partial<Card>): Card {
  const plain = title.map((span) => ('text' in span ? span.text : '')).join('');
  return { language: 'en', severity: 'info', emoji: '', title, blocks: [], actions: [], text: plain, ...more };
}

const UNFOLLOW = button('Unfollow', 'unfollow', {
  style: 'danger',
  confirm: { question: 'Unfollow narrator-01 in this channel?', yes: 'Unfollow', no: 'Keep following' },
});

export function liveCard(since: number, state = 'in human review', at = 3): Card {
  return card([foreign('narrator-01'), text(`: ${state}`)], {
    severity: 'progress',
    emoji: '⏳',
    blocks: [
      { kind: 'line', spans: [bold('No action needed.'), text(' A reviewer checks the recordings; training starts after that.')] },
      {
        kind: 'progress',
        caption: [text(`Step ${at + 1} of 7: `), bold(STEPS[at] ?? ''), text(', since '), { kind: 'instant', at: since, format: 'short' }],
        steps: steps(at, 'current'),
      },
      {
        kind: 'facts',
        facts: [
          { label: 'Attempt', value: [text('1, no rejections')] },
          { label: 'Last entry', value: [text('Machine review passed (system)')] },
          { label: 'Job', value: [code('26f06524'), text(' · Basic')] },
        ],
      },
    ],
    actions: [button('History', 'history'), UNFOLLOW],
  });
}

export function rejection(at: number): Card {
  return card([foreign('client-service-yunjia'), text(': rejected in human review')], {
    severity: 'bad',
    emoji: '❌',
    blocks: [
      {
        kind: 'line',
        spans: [
          bold('Action needed.'),
          text(' Answer the reviewer, fix these 2 recordings and submit the job again. '),
          { kind: 'mention', id: 'lin', name: 'Lin' },
        ],
      },
      {
        kind: 'quote',
        label: [bold("Reviewer's reason")],
        text: 'Authorization letter is not signed; sentence 7 does not match its text.\nPlease <b>sign</b> & send again.',
      },
      {
        kind: 'list',
        title: [bold('2 files named by the review')],
        items: [
          [
            [foreign('3.wav'), text(' · '), foreign('3.txt')],
            [text('audio does not match text '), code('MSS.12345678')],
          ],
          [
            [foreign('11.wav'), text(' · '), foreign('11.txt')],
            [text('audio too short '), code('MSS.12345678')],
          ],
        ],
      },
      {
        kind: 'progress',
        caption: [text('Stopped at step 4 of 7: '), bold('Human review'), text(', '), { kind: 'instant', at, format: 'short' }],
        steps: steps(3, 'failed'),
      },
      { kind: 'note', spans: [text('Attempt 2 · rejected twice so far · this review took 2h 59m · job '), code('0f3d6a58')] },
    ],
    actions: [
      button('Get attachment', 'attachment', { style: 'primary' }),
      button('History', 'history'),
      button('Console', '', { url: 'https://console.example/job' }),
    ],
  });
}

export function entry(words: string): Card {
  return card([text(words)], { severity: 'progress' });
}

export function history(at: number): Card {
  const item = (mark: StepMark | 'none', words: string, quote = '') => ({
    mark,
    line: [{ kind: 'instant' as const, at, format: 'short' as const }, text(' '), bold(words)],
    quote,
  });
  return card([text('History of '), foreign('narrator-01')], {
    emoji: '🕘',
    blocks: [
      {
        kind: 'timeline',
        items: [
          item('done', 'Created'),
          item('done', 'Submitted for review'),
          item('failed', 'Rejected in machine review', 'audio too short'),
          item('current', 'Submitted again, attempt 2'),
          item('none', 'SOMETHING_NEW'),
        ],
      },
      { kind: 'note', spans: [text('As of '), { kind: 'instant', at, format: 'time' }, text(' (UTC+8)')] },
    ],
    actions: [button('Only problems', 'history')],
  });
}
