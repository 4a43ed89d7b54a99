/** The page's own words. What voicejob says comes finished in its cards. */
import { keep, kept } from './settings.js';

const WORDS = {
  en: {
    channels: 'Channels',
    dms: 'Direct messages',
    places: 'Channels and direct messages',
    menu: 'Show channels',
    dmOf: (name) => `voicejob with ${name}`,
    channelHint: 'voicejob posts here what is followed here',
    dmHint: 'Your own conversation with voicejob',
    otherHint: (name) => `What ${name} would see. Here you act as ${name}.`,
    archivedHint: 'Archived: nobody can post here',
    stream: 'Messages',
    command: (place) => `Command in ${place}`,
    placeholder: 'Type a command, such as help',
    hint: 'Enter sends · Tab completes · ↑ brings the last command back · with or without /voicejob',
    completions: 'Completions',
    send: 'Send',
    welcome: 'Nothing has been said here yet',
    welcomeText:
      'voicejob follows voice-training jobs and tells a channel what happens to them: what a review found, what to fix, when the voice is ready. Three things to try:',
    tries: { jobs: 'See which jobs there are', subscribe: 'Follow one of them here', help: 'See all it can do' },
    welcomeOther: (name) => `Nothing has been said to ${name} yet.`,
    you: 'You',
    onlyFor: (name) => (name === 'You' ? 'only visible to you' : `only visible to ${name}`),
    edited: (time) => `edited ${time}`,
    alsoIn: (place) => `also in ${place}`,
    threadOf: ['Reply in the thread of ', ''],
    aThread: 'Reply in a thread',
    removed: 'This message was removed.',
    replies: (count) => (count === 1 ? '1 reply' : `${count} replies`),
    repliesLast: (count, time) => `${count === 1 ? '1 reply' : `${count} replies`} · last ${time}`,
    thread: 'Thread',
    threadMessages: 'Messages of the thread',
    close: (what) => `Close: ${what}`,
    looks: 'Show messages as',
    look: { card: 'Cards', slack: 'Slack', teams: 'Teams', json: 'JSON' },
    missing: (library) =>
      `This look needs ${library}, a development dependency that is not installed here. Messages are shown as cards; JSON shows what would be sent.`,
    jsonOf: { slack: 'Sent to Slack', teams: 'Sent to Teams' },
    undrawn: (type) => `A block of type ${type}, which this drawing does not know.`,
    more: 'More actions',
    toDark: 'Dark colours',
    toLight: 'Light colours',
    otherTongue: ['中文', '切换到中文'],
    newest: 'Newest messages ↓',
    unread: (count) => (count === 1 ? '1 new problem' : `${count} new problems`),
    news: 'new messages',
    connecting: 'Connecting …',
    lost: 'No connection. Trying again …',
    working: 'voicejob is working …',
    notSent: (problem) => `Not sent: ${problem}`,
    unreachable: 'the playground cannot be reached.',
    steps: { done: 'done', current: 'under way', failed: 'failed', open: 'to come' },
    opens: 'opens a new tab',
    app: 'App',
  },
  zh: {
    channels: '频道',
    dms: '私信',
    places: '频道和私信',
    menu: '显示频道',
    dmOf: (name) => `voicejob 与 ${name}`,
    channelHint: 'voicejob 在此发送本频道订阅的动态',
    dmHint: '你与 voicejob 的私信',
    otherHint: (name) => `${name} 看到的内容，在此以 ${name} 的身份操作`,
    archivedHint: '已归档，无法发送消息',
    stream: '消息',
    command: (place) => `在 ${place} 中的命令`,
    placeholder: '输入命令，例如 help',
    hint: 'Enter 发送 · Tab 补全 · ↑ 调出上一条命令 · 可省略 /voicejob',
    completions: '补全',
    send: '发送',
    welcome: '这里还没有消息',
    welcomeText: 'voicejob 关注音色训练任务，并在频道中通报进展：审核结果、需要修改之处、音色何时可用。可以先试试这三件事：',
    tries: { jobs: '查看有哪些任务', subscribe: '在此订阅一个任务', help: '查看全部功能' },
    welcomeOther: (name) => `${name} 还没有收到消息。`,
    you: '你',
    onlyFor: (name) => (name === 'You' ? '仅你可见' : `仅 ${name} 可见`),
    edited: (time) => `${time} 已编辑`,
    alsoIn: (place) => `同时发送到 ${place}`,
    threadOf: ['在 ', ' 的消息列中回复'],
    aThread: '在消息列中回复',
    removed: '此消息已删除。',
    replies: (count) => `${count} 条回复`,
    repliesLast: (count, time) => `${count} 条回复 · 最近 ${time}`,
    thread: '消息列',
    threadMessages: '消息列中的消息',
    close: (what) => `关闭：${what}`,
    looks: '消息显示为',
    look: { card: '卡片', slack: 'Slack', teams: 'Teams', json: 'JSON' },
    missing: (library) => `此外观需要 ${library}，它是开发依赖，此处未安装。消息以卡片显示；JSON 可查看实际发送的内容。`,
    jsonOf: { slack: '发送到 Slack 的内容', teams: '发送到 Teams 的内容' },
    undrawn: (type) => `此处无法绘制类型为 ${type} 的块。`,
    more: '更多操作',
    toDark: '深色',
    toLight: '浅色',
    otherTongue: ['EN', 'Switch to English'],
    newest: '最新消息 ↓',
    unread: (count) => `${count} 个新问题`,
    news: '有新消息',
    connecting: '正在连接…',
    lost: '连接已断开，正在重试…',
    working: 'voicejob 正在处理…',
    notSent: (problem) => `未发送：${problem}`,
    unreachable: '无法连接 playground。',
    steps: { done: '已完成', current: '进行中', failed: '失败', open: '未开始' },
    opens: '在新标签页中打开',
    app: '应用',
  },
};

/** As chosen on this page, or else as the browser has it. */
export const browser = { language: kept('language') ?? navigator.language, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };

/** The page's words in the language of a text, such as a card's. */
export function wordsIn(language) {
  return language.toLowerCase().startsWith('zh') ? WORDS.zh : WORDS.en;
}

export const words = wordsIn(browser.language);

/** The page begins anew in the other of its two languages. */
export function turnTongue() {
  keep('language', words === WORDS.zh ? 'en' : 'zh-CN');
  location.reload();
}

/** How instants (ms since 1970) are written in a language. */
function writer(language) {
  const format = (options) => {
    const formatter = new Intl.DateTimeFormat(language, options);
    return (at) => formatter.format(at);
  };
  return {
    short: format({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }),
    time: format({ hour: '2-digit', minute: '2-digit' }),
    day: format({ weekday: 'long', month: 'long', day: 'numeric' }),
    full: format({ dateStyle: 'full', timeStyle: 'long' }),
  };
}

/** Instants around the cards, as the browser's language writes them. */
export const when = writer(browser.language);

const writers = new Map();

/** Instants inside a text of this language: as the reader's own variety of it writes them (en-GB, zh-TW), where there is one. In the browser's zone. */
export function whenIn(language) {
  if (!writers.has(language)) writers.set(language, writer(navigator.languages.find((own) => base(own) === base(language)) ?? language));
  return writers.get(language);
}

function base(language) {
  return language.split('-')[0].toLowerCase();
}
