/** Files of development dependencies that the page draws other platforms with. A production install lacks them, and the page does without. */
import { createRequire } from 'node:module';

const LIBRARIES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/playground/adaptivecards.js': { file: 'adaptivecards/dist/adaptivecards.min.js', type: 'text/javascript; charset=utf-8' },
  '/playground/slack.css': { file: 'slack-blocks-to-jsx/dist/style.css', type: 'text/css; charset=utf-8' },
};

const require = createRequire(import.meta.url);

/** Where the file of an address is on disk, and of what type; null: there is none. */
export function libraryFile(pathname: string): { readonly path: string; readonly type: string } | null {
  const library = LIBRARIES[pathname];
  if (!library) return null;
  try {
    return { path: require.resolve(library.file), type: library.type };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')) return null;
    throw error;
  }
}
