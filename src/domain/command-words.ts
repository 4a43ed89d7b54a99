/** The words that commands, presets and languages are called by. The first of each is the one that is shown. */
import type { Language, Preset } from './subscription.ts';

export type CommandWord = 'subscribe' | 'unsubscribe' | 'list' | 'history' | 'status' | 'mute' | 'unmute' | 'jobs' | 'test' | 'language' | 'help';

/** The voice of every example: a name that nobody takes for one of their own. */
export const EXAMPLE_JOB = 'my-voice';

const COMMANDS: Readonly<Record<CommandWord, readonly string[]>> = {
  subscribe: ['subscribe', 'sub', 'follow', 'watch', '订阅', '关注'],
  unsubscribe: ['unsubscribe', 'unsub', 'unfollow', 'unwatch', '取消订阅', '退订', '取消关注'],
  list: ['list', 'ls', '列表'],
  history: ['history', 'hist', 'log', '历史记录', '历史'],
  status: ['status', '状态'],
  mute: ['mute', '静音'],
  unmute: ['unmute', '取消静音'],
  jobs: ['jobs', 'job', '任务'],
  test: ['test', '测试'],
  language: ['language', 'lang', '语言'],
  help: ['help', 'h', '?', '帮助'],
};

const PRESET_WORDS: Readonly<Record<Preset, readonly string[]>> = {
  problems: ['problems', 'problem', '仅问题', '问题'],
  milestones: ['milestones', 'milestone', '关键进展'],
  everything: ['everything', 'all', '全部动态', '全部'],
};

const LANGUAGE_WORDS: Readonly<Record<Language, readonly string[]>> = {
  en: ['en', 'english', 'en-us', 'en-gb', '英文', '英语'],
  'zh-CN': ['zh-cn', 'zh', 'cn', 'chinese', 'zh-hans', '中文', '简体中文'],
};

export const ALL_WORDS: ReadonlySet<string> = new Set(['all', 'everything', '全部', '所有']);
/** After `unsubscribe all`: what its button says. */
export const SURE_WORDS: ReadonlySet<string> = new Set(['confirm', 'yes', '确认']);
export const PROBLEM_WORDS: ReadonlySet<string> = new Set([...PRESET_WORDS.problems, 'rejections']);
export const PAGE_WORDS: ReadonlySet<string> = new Set(['page', 'p', '页']);
export const SELF_WORDS: ReadonlySet<string> = new Set(['me', '@me', 'myself', '我']);

const commandOf = byWord(COMMANDS);
const presets = byWord(PRESET_WORDS);
const languages = byWord(LANGUAGE_WORDS);

/** Chinese commands, longest first: people write them without a blank before the argument. */
const GLUED = [...commandOf.keys()].filter((word) => /^\p{Script=Han}/u.test(word)).sort((a, b) => b.length - a.length);

/** Every English command and its short forms, for the nearest to a slip. */
export const TYPED_COMMANDS: readonly string[] = [...commandOf.keys()].filter((word) => /^[a-z]{2,}$/.test(word));

/** The same of presets. */
export const TYPED_PRESETS: readonly string[] = [...presets.keys()].filter((word) => /^[a-z]{4,}$/.test(word));

/** A word as it is compared: wide letters narrow, capitals small. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The command of a word, and what of the word was its argument ('' = nothing); null for an unknown word. */
export function commandWord(text: string): { readonly word: CommandWord; readonly rest: string } | null {
  const typed = folded(text);
  const word = commandOf.get(typed) ?? commandOf.get(typed.replace(/^[/@!]+|[.,:;!。，：；！]+$/gu, ''));
  if (word) return { word, rest: '' };
  const glued = GLUED.find((start) => text.startsWith(start));
  const meant = glued === undefined ? undefined : commandOf.get(glued);
  return meant && glued !== undefined ? { word: meant, rest: text.slice(glued.length) } : null;
}

export function presetWord(text: string): Preset | null {
  return presets.get(folded(text)) ?? null;
}

export function languageWord(text: string): Language | null {
  return languages.get(folded(text).replaceAll('_', '-')) ?? null;
}

function byWord<T extends string>(words: Readonly<Record<T, readonly string[]>>): Map<string, T> {
  const map = new Map<string, T>();
  for (const name in words) for (const word of words[name]) map.set(word, name);
  return map;
}
