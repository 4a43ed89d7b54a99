import { expect, it } from 'vitest';
import { remembering } from '../../src/domain/remember.ts';
import { knownZone } from '../../src/domain/zone.ts';

it('what was made once is not made again, until so many others were', () => {
  const asked: string[] = [];
  const upper = remembering(2, (name) => {
    asked.push(name);
    return name.toUpperCase();
  });
  expect(['a', 'a', 'b', 'a', 'c', 'a'].map(upper)).toEqual(['A', 'A', 'B', 'A', 'C', 'A']);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('a zone is named as IANA does, and what is none is null', () => {
  expect(knownZone('asia/shanghai')).toBe('Asia/Shanghai');
  expect(['', 'Mars/Olympus', '../etc'].map(knownZone)).toEqual([null, null, null]);
  expect(knownZone('Mars/Olympus')).toBeNull();
});
