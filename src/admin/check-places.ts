/** Which places hear nothing now, so that a pause is not taken for health. */
import type { Finding } from '../ports/finding.ts';
import type { PlaceView } from '../ports/operator-store.ts';
import { BY_HAND, oneLine } from './answer.ts';

const NAMED_MOST = 3;

/** A warning for all that is paused by itself, and one for each platform that is paused as a whole. A place that nothing is followed in counts only when a person paused it. */
export function checkPlaces(places: readonly PlaceView[]): readonly Finding[] {
  const platforms = new Map(
    places.flatMap(({ destination, platformPaused }) => (platformPaused === null ? [] : [[destination.address.platform, platformPaused]])),
  );
  const paused = places.flatMap(({ destination, followed }) => {
    const reason = destination.paused?.reason;
    if (reason === undefined || (followed.length === 0 && reason !== BY_HAND)) return [];
    return [{ id: destination.id, named: `${oneLine(destination.name)} (${reason === BY_HAND ? 'by hand' : reason})` }];
  });
  return [...[...platforms].map(([platform, reason]) => platformFinding(platform, reason)), ...pausedFinding(paused)];
}

function platformFinding(platform: string, reason: string): Finding {
  return {
    level: 'warning',
    says: `all of ${platform} is paused (${oneLine(reason)})`,
    mend: 'mend what is said of it below, or configure it again; it then goes on by itself',
  };
}

function pausedFinding(paused: readonly { readonly id: string; readonly named: string }[]): Finding[] {
  const [first] = paused;
  if (!first) return [];
  const shown = paused.slice(0, NAMED_MOST).map(({ named }) => named);
  const more = paused.length > NAMED_MOST ? ` and ${paused.length - NAMED_MOST} more` : '';
  const says = `${paused.length} ${paused.length === 1 ? 'is' : 'are'} paused: ${shown.join(', ')}${more}`;
  return [{ level: 'warning', says, mend: `npm run admin -- resume ${first.id}${paused.length === 1 ? '' : ' (and so on; npm run admin -- list shows all)'}` }];
}
