/** Which of the known words somebody probably meant. */

/** Names longer than this are compared by their start: the table of distances grows with the square. */
const COMPARED_LENGTH = 64;

/** Edits (one letter more, less or other, or two neighbours swapped) that turn one text into another; letter case counts as nothing. */
export function editDistance(from: string, to: string): number {
  const a = letters(from);
  const b = letters(to);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

/** The candidates that somebody who typed `input` may have meant, nearest first, at most `limit`: a few slips, or the start of a longer word. */
export function nearestOf(input: string, candidates: Iterable<string>, limit: number): string[] {
  const typed = input.normalize('NFKC').toLowerCase();
  const ranked: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const starts = typed.length >= 2 && candidate.normalize('NFKC').toLowerCase().startsWith(typed);
    const distance = starts ? 0.5 : editDistance(typed, candidate);
    if (distance <= slips(typed.length)) ranked.push({ candidate, distance });
  }
  ranked.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return ranked.slice(0, limit).map(({ candidate }) => candidate);
}

/** A third of a word may be wrong; more, and it is another word. */
function slips(length: number): number {
  return Math.max(1, Math.floor(Math.min(length, COMPARED_LENGTH) / 3));
}

function letters(text: string): string[] {
  return [...text.normalize('NFKC').toLowerCase()].slice(0, COMPARED_LENGTH);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
