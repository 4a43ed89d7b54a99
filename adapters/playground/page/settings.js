/** What somebody chose on this page: kept by the browser, for this machine only. */
const STORE = 'voicejob.';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** What was chosen under a name, or null; a browser that keeps nothing forgets it with the page. */
export function kept(name) {
  try {
    return localStorage.getItem(STORE + name);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(STORE + name, value);
  } catch {
    // the choice holds until the page is left
  }
}

/** 'light' or 'dark': as chosen, or else as the system has it. */
export function theme() {
  return document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');
}

/** Goes back to what was chosen before; `changed` hears of every later change, the system's own included. */
export function followTheme(changed) {
  const before = kept('theme');
  if (before === 'light' || before === 'dark') document.documentElement.dataset.theme = before;
  dark.addEventListener('change', changed);
}

export function turnTheme() {
  const next = theme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  keep('theme', next);
}
