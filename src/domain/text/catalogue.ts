/** Every sentence that voicejob says, in each language. English is the shape: a key that another language lacks, or has too much, is a type error. */
import type { Language } from '../subscription.ts';
import { type Catalogue, en } from './en.ts';
import { zhCN } from './zh-cn.ts';

export type { Catalogue } from './en.ts';

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, 'zh-CN': zhCN };

export function catalogueOf(language: Language): Catalogue {
  return CATALOGUES[language];
}
