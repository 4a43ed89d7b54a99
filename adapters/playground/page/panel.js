/** The side panel: plays with the simulator, and shows each followed job's journal with every subscription's cursor in it. */
import { showForm } from './dialogs.js';
import { el } from './draw-card.js';
import { placeLabel } from './places.js';
import { ask } from './server.js';
import { keep, kept } from './settings.js';
import { sync } from './sync.js';
import { browser, inWords, when, words } from './words.js';

const LOOK_MS = 1_000;
/** Entries that are drawn; a longer journal begins with how many there are before. */
const CELLS = 24;
const at = (id) => document.getElementById(id);

/** `here()`: the place that is shown; `say(text)`: types a command there; `failed(error)` hears of what was not done. */
export function openPanel({ here, places, say, failed }) {
  const [pane, body, opener] = ['panel', 'panel-body', 'panel-open'].map(at);
  const unfolded = new Set();
  let timer;
  opener.hidden = false;

  const look = async () => {
    clearTimeout(timer);
    if (pane.hidden) return;
    const seen = document.hidden ? null : await ask('inspect', {}).catch(() => null);
    if (seen && !pane.hidden) draw(seen);
    clearTimeout(timer);
    timer = setTimeout(look, LOOK_MS);
  };
  const act = async (deed, fields = {}) => {
    const answer = await ask('simulate', { deed, ...fields }).catch(failed);
    void look();
    return answer;
  };
  const start = async () => {
    const answer = await act('start');
    if (answer?.job) await say(`subscribe ${answer.job} everything`);
    void look();
  };
  const reject = (job) =>
    showForm(
      {
        language: document.documentElement.lang,
        title: words.rejectTitle,
        submit: words.reject.replace(/ ?…/, ''),
        cancel: words.cancel,
        fields: [{ kind: 'text', name: 'reason', label: words.rejectReason, value: words.rejectDefault }],
      },
      {
        failed,
        options: async () => [],
        submit: async ({ reason }) => {
          await act('reject', { job, reason });
          return null;
        },
      },
    );

  const draw = ({ simulator, jobs, unfollowed, refusedUntil }) => {
    const place = placeLabel(here());
    const channels = places().filter(({ owner }) => owner === null);
    const entry = (key, data, make) => ({ key, stamp: `${browser.language} ${JSON.stringify(data)}`, draw: () => make(data) });
    sync(body, [
      ...(simulator ? [entry('simulator', { ...simulator, place, channels }, drawSimulator)] : []),
      entry('title', '', () => el('div', {}, el('h3', {}, words.journals), el('p', { class: 'soft' }, words.panelIntro))),
      ...(refusedUntil === null ? [] : [entry('refused', refusedUntil, (time) => el('p', { class: 'trouble' }, words.refused(when.time(time))))]),
      ...(jobs.length + unfollowed.length === 0 ? [entry('none', '', () => el('p', { class: 'soft' }, words.noJournals))] : []),
      ...unfollowed.map((job) => entry(job.jobId, job, drawUnfollowed)),
      ...jobs.map((job) => entry(job.jobId, job, drawJob)),
    ]);
  };

  const drawSimulator = ({ outage, wrongKey, chatOutage, place, channels }) => {
    const toggle = (deed, label, on, more = {}) =>
      el(
        'label',
        { class: 'toggle' },
        el('input', {
          type: 'checkbox',
          checked: on,
          'data-action': `${deed} ${more.place ?? ''}`,
          onchange: (event) => act(deed, { on: String(event.target.checked), ...more }),
        }),
        label,
      );
    return el(
      'div',
      {},
      el('h3', {}, words.simulatorTitle),
      el(
        'div',
        { class: 'start' },
        el('button', { class: 'button primary', type: 'button', 'data-action': 'start', onclick: start }, words.start),
        el('span', { class: 'soft' }, words.startHint(place)),
      ),
      el(
        'fieldset',
        { class: 'toggles' },
        el('legend', {}, words.outages),
        toggle('outage', words.outage, outage),
        toggle('wrongKey', words.wrongKey, wrongKey),
        toggle('chatOutage', words.chatOutage, chatOutage),
        channels.map((channel) => toggle('archive', words.archived(placeLabel(channel)), channel.archived, { place: channel.id })),
      ),
    );
  };

  const buttons = (job) => {
    const button = (deed, label, press) =>
      el('button', { class: 'button small', type: 'button', 'data-action': `${deed} ${job.jobId}`, onclick: press }, label);
    const all = [
      job.next ? button('next', words.next[job.next], () => act('next', { job: job.jobId })) : null,
      job.canReject ? button('reject', words.reject, () => reject(job.jobId)) : null,
      job.canFail ? button('fail', words.fail, () => act('fail', { job: job.jobId })) : null,
    ].filter((one) => one !== null);
    return all.length > 0 ? el('div', { class: 'actions', role: 'group', 'aria-label': job.voiceName }, all) : null;
  };

  const drawUnfollowed = (job) =>
    el(
      'section',
      { class: 'journal', 'aria-label': job.voiceName },
      el('h4', {}, el('bdi', {}, job.voiceName)),
      el(
        'div',
        { class: 'actions' },
        el('button', { class: 'button small', type: 'button', onclick: () => say(`subscribe ${job.jobId} everything`).then(look) }, words.follow),
      ),
      buttons(job),
    );

  const drawJob = (job) => {
    const list = el(
      'ol',
      { class: 'entries' },
      job.entries.map((one) =>
        el('li', { class: one.mark }, one.words, one.at === null ? null : el('time', { datetime: new Date(one.at).toISOString() }, when.time(one.at))),
      ),
    );
    const fold = el(
      'details',
      {
        open: unfolded.has(job.jobId),
        ontoggle: (event) => (event.target.open ? unfolded.add(job.jobId) : unfolded.delete(job.jobId)),
      },
      el('summary', { 'data-action': `fold ${job.jobId}` }, words.entries(job.entries.length), job.entries.length > 0 ? ` · ${job.entries.at(-1).words}` : ''),
      list,
    );
    return el(
      'section',
      { class: 'journal', 'aria-label': job.name },
      el('h4', {}, el('bdi', {}, job.name), el('span', { class: 'soft' }, job.state)),
      drawCells(job.entries, { told: job.entries.length, base: job.base }),
      fold,
      job.subscriptions.map((one) => drawCursor(one, job)),
      el('p', { class: 'soft' }, job.ended ? words.journalEnded : job.readAt === 0 ? words.neverRead : words.readAt(when.time(job.readAt))),
      job.simulated ? buttons(job.simulated) : null,
    );
  };

  const toggle = (shown) => {
    pane.hidden = !shown;
    document.body.classList.toggle('panel-open', shown);
    opener.setAttribute('aria-expanded', String(shown));
    keep('panel', shown ? 'open' : 'closed');
    void look();
  };
  inWords(() => {
    at('panel-title').textContent = words.panel;
    body.setAttribute('aria-label', words.panel);
    at('panel-close').setAttribute('aria-label', words.close(words.panel));
    opener.replaceChildren(el('span', { class: 'wide' }, words.panel), el('span', { class: 'phone-only', 'aria-hidden': 'true' }, '⚙'));
    opener.setAttribute('aria-label', words.panelOpen);
    void look();
  });
  opener.addEventListener('click', () => toggle(pane.hidden));
  at('panel-close').addEventListener('click', () => {
    toggle(false);
    opener.focus();
  });
  return {
    /** Opens as it was left; on a wide screen it is open at first, where there is a simulator to play with. */
    restore: async () => {
      const before = kept('panel');
      const wide = matchMedia('(min-width: 1100px)').matches;
      if (wide && before !== 'closed' && (before === 'open' || (await ask('inspect', {}).catch(() => null))?.simulator)) toggle(true);
    },
  };
}

/** The journal as a row of cells, one an entry: what is told is filled, what waits is not, and what was there before is paler. */
function drawCells(entries, { told, base }) {
  const from = Math.max(0, entries.length - CELLS);
  const cell = ({ mark }, index) => {
    const place = from + index;
    const kind = place < base ? 'past' : place < told ? 'told' : 'waits';
    return el('span', { class: `cell ${kind} ${mark === 'failed' ? 'bad' : ''}` });
  };
  return el(
    'div',
    { class: 'cells', 'aria-hidden': 'true' },
    from > 0 ? el('span', { class: 'soft' }, words.earlier(from)) : null,
    entries.slice(from).map(cell),
  );
}

function drawCursor({ name, preset, cursor, waiting, mutedUntil, paused, sending }, { entries, base }) {
  const notes = [
    preset,
    words.cursor({ cursor, of: entries.length, waiting }),
    sending ? words.sending : '',
    paused ? words.paused : '',
    mutedUntil > Date.now() ? words.mutedUntil(when.time(mutedUntil)) : '',
  ].filter((note) => note !== '');
  return el(
    'div',
    { class: `cursor ${waiting > 0 ? 'behind' : ''}` },
    el('p', {}, el('strong', {}, name.replace('#', '# ')), el('span', { class: 'soft' }, ` ${notes.join(' · ')}`)),
    drawCells(entries, { told: cursor, base }),
  );
}
