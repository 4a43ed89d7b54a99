import { describe, expect, it } from 'vitest';
import { table } from '../../src/admin/answer.ts';
import { chooseCommand } from '../../src/admin/commands.ts';
import { csvRecord } from '../../src/admin/csv.ts';

function refusal(...argv: string[]): string {
  const chosen = chooseCommand(argv);
  return chosen.kind === 'wrong' ? `${chosen.answer.exit} ${chosen.answer.text}` : 'taken';
}

describe('a wrong command', () => {
  it('gets the nearest right one and an example', () => {
    expect(refusal('lst')).toMatch(/^2 There is no command "lst"\. Did you mean list\?\nFor example: npm run admin -- list$/);
    expect(refusal('handover', 'x', 'y')).toContain('Did you mean hand-over?\nFor example: npm run admin -- hand-over slack.');
    expect(refusal('dead-leters')).toContain('Did you mean dead-letters?');
    expect(refusal('toString')).toContain('usage:');
    expect(refusal('xyzzy')).toContain('usage: npm run admin -- <command>');
  });

  it('with too few or too many words, or a flag it does not take, is told its form', () => {
    expect(refusal('move', 'a')).toContain('It is: npm run admin -- move <destination> <to>');
    expect(refusal('pause', 'a', 'b')).toContain('fewer words');
    expect(refusal('search')).toContain('For example: npm run admin -- search');
    expect(refusal('list', '--jsn')).toContain('does not take "--jsn"');
  });

  it('that is none prints the usage, as help does', () => {
    expect(refusal()).toMatch(/^2 usage:/);
    expect(refusal('help')).toMatch(/^0 usage:[\s\S]*A person is named as platform:id\. audit and list --json show the id\./);
  });
});

describe('a CSV cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['＝1+1', "'＝1+1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ['a=b', 'a=b'],
    ['two, with "quotes"', '"two, with ""quotes"""'],
    ['line\nbreak', '"line\nbreak"'],
    ['', ''],
  ])('%j is written %j', (cell, written) => {
    expect(csvRecord([cell, 'next'])).toBe(`${written},next\r\n`);
  });
});

it('a table keeps its columns under Chinese names, and lets nothing through that steers a terminal', () => {
  const text = table(
    ['NAME', 'STATE'],
    [
      ['语音室', 'ok'],
      ['\u001b[31mred\u0007', 'ok\nrm -rf'],
    ],
  );
  expect(text).toBe('NAME     STATE\n语音室   ok\n[31mred  ok rm -rf');
});
