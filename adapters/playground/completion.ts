/** What a line that is being typed may go on with: commands, and what each takes, read from the syntax that help shows. */
import { SYNTAX } from '../../src/domain/cards/help.ts';
import { commandWord, presetWord } from '../../src/domain/command-words.ts';
import type { Language } from '../../src/domain/subscription.ts';
import { catalogueOf } from '../../src/domain/text/catalogue.ts';
import type { FormOption } from '../../src/ports/inbound.ts';
import { PEOPLE } from './places.ts';

/** `insert`: the whole line as it would be. */
export type Completion = { readonly label: string; readonly detail: string; readonly insert: string };

/** Lines to offer. `job`: a job is being typed, so it is the core that knows what there is besides. */
export type Completing = { readonly offers: readonly Completion[]; readonly job: { readonly before: string; readonly typed: string } | null };

/** Stands in the syntax for words of one's own. */
const FREE = 'search';
const NAME = 'voicejob';
const SYNTAXES = new Map<string, string>(Object.entries(SYNTAX));

/** What `text`, with the cursor at its end, may go on with; details are in the person's language. */
export function completing(text: string, language: Language): Completing {
  const { lead, rest } = split(text);
  const words = rest.split(/\s+/);
  const typed = words.at(-1) ?? '';
  const before = lead + rest.slice(0, rest.length - typed.length);
  if (words.length <= 1) return { offers: commandsFor(typed, { before, language }), job: null };
  const command = commandWord(words[0] ?? '')?.word;
  const parts = (SYNTAXES.get(command ?? '') ?? '').split(/ (?![^[]*\])/).slice(1);
  const given = words.slice(1, -1);
  const first = parts[0]?.startsWith('<job>') ?? false;
  const open = first && given.length === 0 ? parts.slice(0, 1) : parts.slice(first ? 1 : 0);
  return { offers: argumentsFor(typed, { before, parts: open, given, language }), job: first && given.length === 0 ? { before, typed } : null };
}

/** The bot's name, which may stand before the command, whole or begun; what is completed has it whole, so that the line reads as it would in a chat. */
function split(text: string): { readonly lead: string; readonly rest: string } {
  const [start, mark, name = ''] = /^\s*([/@])(\w*)\s*/.exec(text) ?? [];
  if (start === undefined) return { lead: '', rest: text.trimStart() };
  const lead = `${mark}${NAME} `;
  return NAME.startsWith(name.toLowerCase()) ? { lead, rest: text.slice(start.length) } : { lead, rest: text.slice(text.indexOf(mark ?? '') + 1) };
}

/** The jobs that the core found, as lines. A voice name is put where it can be typed as one word and no other job has it, else the short id. */
export function jobLines(found: readonly FormOption[], { before }: { readonly before: string }): readonly Completion[] {
  const jobs = found.map(({ value, label }) => {
    const cut = label.lastIndexOf(' · ');
    const short = label.slice(cut < 0 ? 0 : cut + 3);
    return { label, name: cut < 0 ? '' : label.slice(0, cut), id: value.startsWith(short) ? short : value };
  });
  return jobs.map(({ label, name, id }) => {
    const unique = name !== '' && jobs.filter((job) => job.name === name).length === 1;
    return { label, detail: '', insert: `${before}${unique && /^[\p{L}\p{N}_.][\p{L}\p{N}_.-]*$/u.test(name) ? name : id} ` };
  });
}

function commandsFor(typed: string, { before, language }: { readonly before: string; readonly language: Language }): Completion[] {
  const { helpOf, helpTitle } = catalogueOf(language);
  const details = new Map<string, string>([...Object.entries(helpOf), ['help', helpTitle]]);
  const start = typed.toLowerCase();
  return [...details].flatMap(([word, detail]) => {
    if (!word.startsWith(start)) return [];
    const syntax = SYNTAXES.get(word) ?? word;
    return [{ label: syntax, detail, insert: `${before}${word}${syntax.includes(' ') ? ' ' : ''}` }];
  });
}

type Typing = { readonly before: string; readonly parts: readonly string[]; readonly given: readonly string[]; readonly language: Language };

/** Choices and options that were not given yet; a person may be anybody there is. */
function argumentsFor(typed: string, { before, parts, given, language }: Typing): Completion[] {
  const { presetTells } = catalogueOf(language);
  const start = typed.toLowerCase();
  return parts.flatMap((part) => {
    const words = part.replace(/^\[|\]$/g, '').split('|');
    const [option = '', person] = words[0]?.split(' @') ?? [];
    const waiting = person !== undefined && given.at(-1) === option;
    if (!waiting && words.some((word) => given.includes(word.split(' ')[0] ?? ''))) return [];
    const choices = waiting
      ? PEOPLE.map(({ name }) => `@${name}`)
      : person !== undefined
        ? PEOPLE.map(({ name }) => `${option} @${name}`)
        : words.filter((word) => !word.startsWith('<') && word !== FREE);
    return choices
      .filter((choice) => choice.toLowerCase().startsWith(start) && choice !== typed)
      .map((choice) => {
        const preset = presetWord(choice);
        return { label: choice, detail: preset && words.includes('milestones') ? presetTells[preset] : '', insert: `${before}${choice} ` };
      });
  });
}
