import { expect, test } from 'vitest';
import { tellForbidden } from '../../src/metastudio/tell-forbidden.ts';
import { sendJson, startHttpServer } from '../support/http-server.ts';
import { clientFor, failureOf, JOB, type Line, memoryBudget, memoryClock, memoryLog, read } from './fakes.ts';

test('a key that may not read jobs is one error in the log that says what to mend, and one more an hour later; the gate stays open', async () => {
  const api = await startHttpServer((_, response) => sendJson(response, 403, { error_code: 'APIGW.0302', error_msg: 'not allowed', request_id: 'rid' }));
  const lines: Line[] = [];
  const clock = memoryClock();
  const accounts = memoryBudget();
  const { source } = clientFor(api.url, { budget: tellForbidden(accounts.budget, { clock, log: memoryLog(lines) }) });
  for (const _ of [1, 2]) expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('forbidden');
  const line = {
    level: 'error',
    message: expect.stringMatching(/not allow.*METASTUDIO_ACCESS_KEY.*METASTUDIO_PROJECT_ID/),
    fields: { status: 403, code: 'APIGW.0302', requestId: 'rid', words: 'not allowed' },
  };
  expect(lines).toEqual([line]);
  clock.move(3_600_000);
  await failureOf(source.readLog(JOB, read()));
  expect(lines).toEqual([line, line]);
  expect(accounts.told.map(({ kind }) => kind)).toEqual(['forbidden', 'forbidden', 'forbidden']);
  await api.close();
});
