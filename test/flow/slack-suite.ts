/** The real program in Slack, end to end: the same whichever way Slack reaches it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHORTCUTS } from '../../adapters/slack/surface.ts';
import { eventually } from '../support/program.ts';
import { buttonsIn } from '../support/slack-blocks-seen.ts';
import { bodyOf, sendSigned, type Way } from '../support/slack-http.ts';
import { FOREIGN_TEAM, type SlackMessageSeen } from '../support/slack-people.ts';
import { type SlackProgram, startSlackProgram, withWords } from '../support/slack-program.ts';
import type { SlackServer } from '../support/slack-server.ts';
import { everythingIn } from '../support/stored.ts';

const one = (messages: readonly SlackMessageSeen[], words: string) => withWords(messages, words)[0];

/** Each test has its own channel and job, so that they run beside each other. */
export function describeSlack(name: Way['name'], way: (slack: SlackServer) => Promise<Way> | Way): void {
  describe(`Slack over ${name}`, () => {
    let world: SlackProgram;
    beforeAll(async () => {
      world = await startSlackProgram({ way });
    });
    afterAll(async () => {
      await world?.close();
    });

    it.concurrent('a channel that follows a job has a card that stays current, its news below, and a rejection shown in the channel too', async () => {
      const { slack, driver, simulator, cards, news } = world;
      const channel = await slack.channel('lab', ['ann', 'bob']);
      const job = simulator.createJob({ voiceName: 'narrator-01' });
      const answer = await world.ask(`subscribe ${job} everything`, { by: 'ann', channel });
      expect(answer.text).toContain('This channel now follows narrator-01');
      expect(driver.shownTo('bob', channel)).toEqual([]);
      const card = await eventually(async () => (await cards(channel))[0]);
      const announced = await eventually(async () => one(await slack.seen(channel), 'is followed here from now on'));
      expect(announced.text).toContain('ann');

      simulator.submit(job);
      simulator.passMachine(job);
      const told = await eventually(async () => one(await news(channel), 'achine review passed'));
      expect([told.thread_ts, told.reply_broadcast ?? false]).toEqual([card.ts, false]);
      simulator.rejectByPerson(job, 'Letter <!channel> is not signed\n授权书未签字');
      const rejection = await eventually(async () => one(await news(channel), '授权书未签字'));
      expect([rejection.thread_ts, rejection.reply_broadcast]).toEqual([card.ts, true]);
      expect(rejection.text).toContain('Letter &lt;!channel&gt; is not signed');
      await eventually(async () => one(await cards(channel), 'rejected'));
      expect(await cards(channel)).toHaveLength(1);
    });

    it.concurrent('a person who follows for themselves is told in their own conversation, each message by itself', async () => {
      const { slack, simulator, news } = world;
      const channel = await slack.channel('alerts', ['bob']);
      const job = simulator.createJob({ voiceName: 'solo-voice' });
      const dm = await slack.dm('bob');
      expect((await world.ask(`subscribe ${job} --dm`, { by: 'bob', channel })).text).toContain('in your direct messages');
      await eventually(async () => one(await slack.seen(dm), 'solo-voice'));
      simulator.submit(job);
      simulator.rejectByMachine(job, [{ audio_name: '1.wav', text_name: '1.txt', error_code: 'MSS.1', error_message: 'too short' }]);
      const alert = await eventually(async () => one(await news(dm), 'too short'));
      expect(alert.thread_ts).toBeUndefined();
      expect(await slack.seen(channel)).toEqual([]);
    });

    it.concurrent('who is named by another hears of it in their language, is mentioned on problems, and not after one click', async () => {
      const { slack, driver, simulator, news } = world;
      const { channel, job } = await world.followed('naming', { members: ['ann', 'lin'], with: `problems --notify <@${slack.person('lin')}|lin>` });
      const dm = await slack.dm('lin');
      const asked = await eventually(async () => (await slack.seen(dm)).find(({ blocks = [] }) => buttonsIn(blocks).length > 0));
      simulator.submit(job);
      simulator.rejectByPerson(job, 'first reason');
      const first = await eventually(async () => one(await news(channel), 'first reason'));
      expect(JSON.stringify(first.blocks)).toContain(`"user_id":"${slack.person('lin')}"`);
      await driver.click(asked, '不再提醒我', { by: 'lin', channel: dm });
      await eventually(async () => driver.shownTo('lin', dm).find(({ text }) => text.includes('不再提醒你')));
      simulator.submit(job);
      simulator.rejectByPerson(job, 'second reason');
      const second = await eventually(async () => one(await news(channel), 'second reason'));
      expect(JSON.stringify(second.blocks)).not.toContain('"user_id"');
    });

    it.concurrent('a history is private and turned page by page in place; shared, everyone sees it', async () => {
      const { slack, driver, simulator } = world;
      const { channel, job } = await world.followed('pages', { with: 'problems' });
      for (let n = 1; n <= 14; n += 1) simulator.append(job, { action: `STEP_${String(n).padStart(2, '0')}`, operator: 'SYSTEM' });
      const at = { by: 'ann', channel } as const;
      const newest = await eventually(async () => {
        const answer = await world.ask(`history ${job}`, at);
        return answer.text.includes('STEP_14') && answer;
      });
      expect(newest.text).not.toContain('STEP_01');
      const count = driver.shownTo('ann', channel).length;
      await driver.click(newest, '← Older', at);
      const older = await eventually(async () => driver.shownTo('ann', channel).find(({ id, text }) => id === newest.id && text.includes('STEP_01')));
      expect(older.text).not.toContain('STEP_14');
      expect(driver.shownTo('ann', channel)).toHaveLength(count);
      expect(one(await slack.seen(channel), 'STEP_01')).toBeUndefined();
      await driver.click(older, 'Share here', at);
      await eventually(async () => one(await slack.seen(channel), 'STEP_01'));
    });

    it.concurrent('a muted job is silent and its card current; what was kept is told when it is heard again', async () => {
      const { simulator, cards, news } = world;
      const { channel, job } = await world.followed('quiet');
      const at = { by: 'ann', channel } as const;
      expect((await world.ask(`mute ${job} 2h`, at)).text).toContain('is muted until');
      simulator.submit(job);
      await eventually(async () => one(await cards(channel), 'Done: Created, Submitted'));
      expect(await news(channel)).toEqual([]);
      expect((await world.ask(`unmute ${job}`, at)).text).toContain('is heard again');
      await eventually(async () => one(await news(channel), 'ubmitted'));
    });

    it.concurrent('unfollowing by the button of the card ends it: the card says so, and nothing more comes', async () => {
      const { slack, driver, simulator, cards, news } = world;
      const { channel, job, card } = await world.followed('ending');
      const before = driver.shownTo('ann', channel).length;
      await driver.click(card, 'Unfollow', { by: 'ann', channel });
      const answer = await eventually(async () => driver.shownTo('ann', channel)[before]);
      expect(answer.text).toContain('No longer followed here');
      await eventually(async () => one(await cards(channel), 'o longer followed'));
      await eventually(async () => one(await slack.seen(channel), 'Stopped by ann'));
      simulator.submit(job);
      expect((await world.ask('list', { by: 'ann', channel })).text).not.toContain('voice-ending');
      expect(await news(channel)).toEqual([]);
    });

    it.concurrent('the Home lists what somebody follows for themselves, with its state; its buttons answer in a window', async () => {
      const { slack, driver, simulator } = world;
      const channel = await slack.channel('office', ['kim']);
      const job = simulator.createJob({ voiceName: 'home-voice' });
      await world.ask(`subscribe ${job} --dm`, { by: 'kim', channel });
      simulator.submit(job);
      const dm = await slack.dm('kim');
      const home = await eventually(async () => {
        await driver.event({ type: 'app_home_opened', user: slack.person('kim'), channel: dm, tab: 'home', event_ts: '1' });
        const shown = JSON.stringify(driver.home('kim')?.blocks ?? []);
        return shown.includes('home-voice') && shown.includes('achine review') && driver.home('kim');
      });
      await driver.clickHome(home, buttonsIn(home.blocks)[0]?.label ?? '', 'kim');
      await eventually(async () => driver.window('kim'));
    });

    it.concurrent('a shortcut opens a form with a search for jobs; what is missing is said beside its field; submitted, it follows', async () => {
      const { slack, driver, simulator } = world;
      const job = simulator.createJob({ voiceName: 'wanted-by-form' });
      await driver.shortcut(SHORTCUTS.follow, 'ann');
      const form = await eventually(async () => driver.form('ann'));
      expect((await driver.submit(form, {}, 'ann')).said).toMatchObject({
        response_action: 'errors',
        errors: { job: expect.stringContaining('Choose a job') },
      });
      const offered = (await driver.options(form, 'job', { text: 'wanted', by: 'ann' })).said;
      expect(offered).toMatchObject({ options: [{ text: { text: expect.stringContaining('wanted-by-form') }, value: job }] });
      const { taken, said } = await driver.submit(form, { job: 'wanted', preset: 'everything' }, 'ann');
      expect([taken, JSON.stringify(said).includes('errors')]).toEqual([true, false]);
      await eventually(async () => one(await slack.seen(await slack.dm('ann')), 'wanted-by-form'));
    });

    it.concurrent('subscribe without a job opens the form, which follows where it was typed', async () => {
      const { slack, driver, simulator, cards } = world;
      const channel = await slack.channel('typed', ['bob']);
      simulator.createJob({ voiceName: 'typed-by-form' });
      await driver.command('subscribe', { by: 'bob', channel });
      const form = await eventually(async () => driver.form('bob'));
      await driver.submit(form, { job: 'typed-by', preset: 'problems' }, 'bob');
      await eventually(async () => one(await cards(channel), 'typed-by-form'));
      await eventually(async () => driver.shownTo('bob', channel).find(({ text }) => text.includes('now follows typed-by-form')));
    });

    it.concurrent('a test message comes the way of a real update', async () => {
      const { slack } = world;
      const channel = await slack.channel('trial', ['ann']);
      await world.ask('test', { by: 'ann', channel });
      await eventually(async () => one(await slack.seen(channel), 'Test: messages arrive here'));
    });

    it.concurrent('an archived channel waits, and goes on where it stopped when it is back', async () => {
      const { slack, driver, simulator, news } = world;
      const { channel, job } = await world.followed('vault');
      await slack.call('conversations.archive', { channel });
      await driver.event({ type: 'channel_archive', channel, user: slack.person('ann') });
      simulator.submit(job);
      simulator.passMachine(job);
      await slack.call('conversations.unarchive', { channel });
      await driver.event({ type: 'channel_unarchive', channel, user: slack.person('ann') });
      await eventually(async () => one(await news(channel), 'achine review passed'));
      expect((await news(channel)).filter(({ text }) => text.includes('ubmitted for review'))).toHaveLength(1);
    });

    it.concurrent('a bot that is thrown out has its owner told, once, and goes on when it is invited again', async () => {
      const { slack, driver, simulator, news } = world;
      const { channel, job } = await world.followed('thrown', { members: ['bob', 'ann'] });
      await slack.call('conversations.kick', { channel, user: slack.botUser }, 'person');
      await driver.event({ type: 'channel_left', channel, actor_id: slack.person('ann') });
      simulator.submit(job);
      const dm = await slack.dm('bob');
      await eventually(async () => one(await slack.seen(dm), 'thrown is paused'));
      await slack.call('conversations.invite', { channel, users: slack.botUser }, 'person');
      await driver.event({ type: 'member_joined_channel', user: slack.botUser, channel, channel_type: 'C', team: slack.team });
      await eventually(async () => one(await news(channel), 'ubmitted for review'));
      expect((await slack.seen(dm)).filter(({ text }) => text.includes('thrown is paused'))).toHaveLength(1);
    });

    it.concurrent('a channel that is renamed is called by its new name', async () => {
      const { slack, driver } = world;
      const { channel } = await world.followed('old-name', { members: ['bob', 'ann'] });
      await driver.event({ type: 'channel_rename', channel: { id: channel, name: 'new-name', created: 1 } });
      await slack.call('conversations.kick', { channel, user: slack.botUser }, 'person');
      await driver.event({ type: 'channel_left', channel, actor_id: slack.person('ann') });
      await eventually(async () => one(await slack.seen(await slack.dm('bob')), '#new-name is paused'));
    });

    it('a command, a click and an event that come twice are handled once', async () => {
      const { slack, driver } = world;
      const { channel, job, card } = await world.followed('twice');
      const at = { by: 'ann', channel } as const;
      const before = { shown: driver.shownTo('ann', channel).length, repeated: await world.counted('inbound_total', 'repeated') };
      const command = await driver.command(`status ${job}`, at);
      const click = await driver.click(card, 'History', at);
      const archived = await driver.event({ type: 'channel_archive', channel, user: slack.person('ann') });
      const again = await Promise.all([command.again(), click.again(), archived.again()]);
      expect(again.map(({ taken }) => taken)).toEqual([true, true, true]);
      await eventually(async () => (await world.counted('inbound_total', 'repeated')) === before.repeated + 3);
      await eventually(async () => driver.shownTo('ann', channel).length >= before.shown + 2);
      await driver.event({ type: 'channel_unarchive', channel, user: slack.person('ann') });
      await eventually(async () => (await world.ask('list', at)).text.includes('Messages reach this channel'));
      // told once more when the archive is over, it would pause the channel again
      await archived.again();
      await eventually(async () => (await world.counted('inbound_total', 'repeated')) === before.repeated + 4);
      expect((await world.ask('list', at)).text).toContain('Messages reach this channel');
      expect(driver.shownTo('ann', channel).filter(({ text }) => /^(voice-twice|History of voice-twice)/.test(text))).toHaveLength(2);
    });

    it('guests, people of another workspace, and what is meant for another workspace change nothing', async () => {
      const { slack, driver, simulator } = world;
      const channel = await slack.channel('shared', ['ann', 'eve', 'gus']);
      const job = simulator.createJob({ voiceName: 'not-for-all' });
      const refused = await Promise.all([
        world.ask(`subscribe ${job} everything`, { by: 'eve', channel }),
        world.ask(`subscribe ${job} everything`, { by: 'gus', channel }),
        world.ask(`subscribe ${job} everything`, { by: 'ann', channel, team: FOREIGN_TEAM }),
      ]);
      for (const { text } of refused) expect(text).not.toContain('follows');
      expect((await world.ask(`status ${job}`, { by: 'ann', channel })).text).toContain('Followed here: no');
      expect(await slack.seen(channel)).toEqual([]);
      // the sweep knows every job of the list
      expect(await everythingIn(world.dataDir, /:sweep:seen:/)).not.toContain(job);
      const followed = await world.followed('not-theirs');
      await driver.event({ type: 'channel_archive', channel: followed.channel, user: slack.person('eve') }, FOREIGN_TEAM);
      expect((await world.ask('list', { by: 'ann', channel: followed.channel })).text).toContain('Messages reach this channel');
    });

    it.runIf(name === 'HTTP')('what Slack did not sign just now is refused: nothing is asked of the core, nothing is stored', async () => {
      const { slack, driver } = world;
      const channel = await slack.channel('forged', ['ann']);
      const done = await driver.command('help', { by: 'ann', channel });
      await eventually(async () => driver.shownTo('ann', channel)[0]);
      const before = await world.counted('inbound_total');
      const body = bodyOf({ ...done.envelope, payload: { ...done.envelope.payload, trigger_id: 'forged-trigger', text: 'language zh-CN' } });
      const forged = [{ secret: 'another' }, { unsigned: true }, { at: -6 * 60 }, { at: 6 * 60 }, { otherText: `${body.text}&text=help` }];
      for (const forge of forged) expect((await sendSigned(world.program().url, body, forge)).status, JSON.stringify(forge)).toBe(401);
      for (const text of ['null', '7', '[]', '{', '']) {
        const { status } = await sendSigned(world.program().url, { type: 'application/json', text });
        expect(status, text).toBeLessThan(500);
      }
      expect(await world.counted('inbound_total')).toBe(before);
      expect(await everythingIn(world.dataDir)).not.toContain('forged-trigger');
    });

    it.runIf(name === 'HTTP')('Slack’s question whether the address is ours is answered', async () => {
      const asked = { type: 'application/json', text: JSON.stringify({ type: 'url_verification', challenge: 'c-41', token: 'not-used' }) };
      const response = await sendSigned(world.program().url, asked);
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('c-41')]);
    });

    it('nothing that it sent is more than Slack takes, unfurls, or holds a secret', () => {
      expect(world.illFormed()).toEqual([]);
      const posts = world.slack.calls.filter(({ method }) => method === 'chat.postMessage');
      expect(new Set(posts.flatMap(({ asked }) => [asked.get('unfurl_links'), asked.get('unfurl_media')]))).toEqual(new Set(['false']));
      const secrets = [world.slack.token, ...Object.values(world.way.env), '/respond/'];
      for (const secret of secrets) expect(world.program().output().includes(secret), secret).toBe(false);
    });
  });
}
