/** Loaded before the demo: what node makes of the sources is kept in .cache/, so that every start after the first takes half as long. Without a folder to write to, nothing is kept. */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../.cache/compile', import.meta.url)));
