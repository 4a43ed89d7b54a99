/** Texts that nobody would type, and bodies that no platform would send. */
import type { Dice } from './dice.ts';

const WORDS = [
  ...['subscribe', 'unsubscribe', 'list', 'history', 'status', 'mute', 'unmute', 'jobs', 'test', 'language', 'help', 'all', 'everything', 'problems'],
  ...[
    '--dm',
    '--notify',
    '@someone',
    '<@U0VOICEJOB>',
    '<#C1|x>',
    '<!channel>',
    '2h',
    '99999999999d',
    '-1',
    '0',
    'zh-CN',
    'me',
    '订阅',
    '“',
    '”',
    '`',
    '*_~',
    '{{DATE(x)}}',
  ],
  ...[
    '70b76aaa34253880af501cdf08442342',
    '26f06524-4f75-4b3a-a853-b649a21aaf66',
    '../../etc/passwd',
    '__proto__',
    'constructor',
    'toString',
    '\u0000',
    '\ud800',
    '\u202e',
    '﷽',
  ],
];
const LONGEST_TEXT = 4_000;

export function anyText(luck: Dice): string {
  const pieces = Array.from({ length: luck.between(0, 12) }, () => {
    if (luck.chance(0.7)) return luck.of(WORDS);
    return String.fromCodePoint(...Array.from({ length: luck.between(1, 20) }, () => luck.below(luck.chance(0.7) ? 0x250 : 0x10ffff)));
  });
  const text = pieces.join(luck.of([' ', ' ', ' ', '', '\t', '\n', '\u00a0']));
  return luck.chance(0.02) ? text.repeat(luck.between(2, 50)).slice(0, LONGEST_TEXT) : text;
}

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  ' ',
  [],
  {},
  [[]],
  [null],
  { id: null },
  'x'.repeat(5_000),
  '\u0000',
  '😀',
  Number.MAX_SAFE_INTEGER,
];

/** The value with something in it changed, taken out, doubled or replaced. */
export function mutated(value: unknown, luck: Dice): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || luck.chance(0.2)) return luck.of(ODD);
    const index = luck.below(value.length);
    if (luck.chance(0.15)) return [...value, ...value];
    if (luck.chance(0.15)) return value.toSpliced(index, 1);
    return value.with(index, mutated(value[index], luck));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0 || luck.chance(0.1)) return luck.of(ODD);
    const [name, member] = luck.of(entries);
    if (luck.chance(0.15)) return Object.fromEntries(entries.filter(([other]) => other !== name));
    if (luck.chance(0.05)) return { ...value, [luck.of(['__proto__', 'constructor', 'toString', `${name} `])]: luck.of(ODD) };
    return { ...value, [name]: mutated(member, luck) };
  }
  if (luck.chance(0.3)) return luck.of(ODD);
  if (typeof value === 'string' && luck.chance(0.5)) return value + anyText(luck);
  return anyText(luck);
}

/** JSON with some of it changed as a value, and at times as text. */
export function mutatedJson(value: unknown, luck: Dice): string {
  let changed = value;
  for (let n = luck.between(1, 3); n > 0; n -= 1) changed = mutated(changed, luck);
  const text = JSON.stringify(changed) ?? '';
  if (!luck.chance(0.2)) return text;
  const at = luck.below(text.length + 1);
  return luck.of([text.slice(0, at), `${text.slice(0, at)}${String.fromCharCode(luck.below(128))}${text.slice(at + 1)}`, `${text}${text}`, '['.repeat(5_000)]);
}
