/**
 * An append-only list of JSON records that several processes write and read at once: the playground's durable memory.
 * In a file, a record is one write of `\n{json}\n` to a descriptor opened for appending, so records never mix, and one that a kill cut
 * short spoils itself only: the next record begins on a line of its own. Blank and unreadable lines are passed over. A file that has grown long is
 * written anew, shorter, by a process that is alone with it.
 */
import {
  closeSync,
  fdatasync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { LONG_LOG_BYTES } from './limits.ts';
import { shareFile } from './share-file.ts';

const flush = promisify(fdatasync);
const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

export interface EventLog {
  /** On disk when the promise is fulfilled. */
  append(record: object): Promise<void>;
  /** Hands over every whole record since the last call, with the place just after it: a number that grows and means the same in every process. */
  read(each: (record: unknown, end: number) => void): void;
  /** Lets go of the file; the next call takes it up again. */
  close(): void;
}

/** A log that lives as long as this process. */
export function memoryLog(): EventLog {
  const records: string[] = [];
  let position = 0;
  return {
    append: async (record) => {
      records.push(JSON.stringify(record));
    },
    read: (each) => {
      for (; position < records.length; position += 1) each(JSON.parse(records[position] ?? 'null'), position + 1);
    },
    close: () => {},
  };
}

export type FileLogOptions = {
  /** The same in fewer records, with a header of its own: whoever sees another first record begins anew. */
  readonly shorter: (records: readonly unknown[]) => readonly object[];
  /** A longer file is made shorter when it is opened. */
  readonly longBytes?: number;
};

/** A log in a file, made if need be with `header` as its first record, by one of the processes that ask. Without `options` it only grows. */
export function fileLog(path: string, header: object, options: FileLogOptions | null = null): EventLog {
  let file: number | null = null;
  let known = '';
  let leave = (): void => {};
  let flushing = 0;
  let closing = false;
  let position = 0;
  let rest = Buffer.alloc(0);

  const opened = (): number => {
    closing = false;
    if (file !== null) return file;
    create(path, header);
    leave = shareFile(path, () => options && shorten(path, options));
    file = openSync(path, 'a+');
    const { ino, birthtimeMs } = fstatSync(file);
    const found = `${ino} ${birthtimeMs}`;
    // while it was closed, somebody may have written it anew
    if (found !== known) [position, rest] = [0, Buffer.alloc(0)];
    known = found;
    return file;
  };
  /** A descriptor that is being flushed must not be closed: its number could be another file's by then. */
  const closeUnused = (): void => {
    if (!closing || flushing > 0 || file === null) return;
    closeSync(file);
    leave();
    file = null;
  };

  return {
    append: async (record) => {
      const line = Buffer.from(`\n${JSON.stringify(record)}\n`);
      const descriptor = opened();
      const written = writeSync(descriptor, line);
      if (written < line.length) throw new Error(`only ${written} of ${line.length} bytes could be written to ${path}`);
      flushing += 1;
      try {
        await flush(descriptor);
      } finally {
        flushing -= 1;
        closeUnused();
      }
    },
    read: (each) => {
      const descriptor = opened();
      const size = fstatSync(descriptor).size;
      while (position < size) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - position));
        const length = readSync(descriptor, chunk, 0, chunk.length, position);
        if (length === 0) return;
        position += length;
        rest = Buffer.concat([rest, chunk.subarray(0, length)]);
        rest = wholeLines(rest, position, each);
      }
    },
    close: () => {
      closing = true;
      closeUnused();
    },
  };
}

/** Hands over the whole lines and answers what is left. */
function wholeLines(bytes: Buffer, end: number, each: (record: unknown, end: number) => void): Buffer<ArrayBuffer> {
  let from = 0;
  for (let to = bytes.indexOf(NEWLINE, from); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
    const record = to > from ? parsed(bytes.toString('utf8', from, to)) : undefined;
    from = to + 1;
    if (record !== undefined) each(record, end - bytes.length + from);
  }
  return Buffer.from(bytes.subarray(from));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The new file takes the place of the old one whole, or not at all. To be called while nobody has it open. */
function shorten(path: string, { shorter, longBytes = LONG_LOG_BYTES }: FileLogOptions): void {
  if (statSync(path).size <= longBytes) return;
  const records: unknown[] = [];
  const bytes = readFileSync(path);
  wholeLines(bytes, bytes.length, (record) => records.push(record));
  const draft = `${path}.${process.pid}`;
  writeFileSync(
    draft,
    shorter(records)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(''),
    { mode: 0o600, flush: true },
  );
  renameSync(draft, path);
}

/** Linking a finished file into place fails where one exists, so all processes see one header. */
function create(path: string, header: object): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(header)}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
}
