/** Writes zip archives that only store: what goes into an app package is small or compressed already. Format: PKWARE APPNOTE 6.3, sections 4.3.7 to 4.3.16. */
import { crc32 } from 'node:zlib';

/** Version 2.0 is needed to read it; bit 11: names are UTF-8. */
const VERSION = 20;
const UTF8 = 0x800;
/** 1980-01-01, the earliest there is: the same files make the same archive. */
const DAY_ONE = 0x21;

/** The archive of these files, in their order. */
export function zip(files: Readonly<Record<string, Buffer>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    // version, flags, stored, time, date, checksum, size, size, length of the name, no extra field
    const shared = numbers([VERSION, UTF8, 0, 0, DAY_ONE], [crc32(content), content.length, content.length], [name.length, 0]);
    const file = Buffer.concat([numbers([], [0x04034b50]), shared, name, content]);
    // no comment, first disk, no attributes, and where the file begins
    central.push(numbers([], [0x02014b50], [VERSION]), shared, numbers([0, 0, 0], [0, offset]), name);
    local.push(file);
    offset += file.length;
  }
  const directory = Buffer.concat(central);
  const count = local.length;
  return Buffer.concat([...local, directory, numbers([], [0x06054b50], [0, 0, count, count], [directory.length, offset], [0])]);
}

/** Little-endian: 16 bits, 32 bits, and so on in turn. */
function numbers(...runs: readonly (readonly number[])[]): Buffer {
  return Buffer.concat(
    runs.flatMap((run, index) =>
      run.map((value) => {
        const bytes = Buffer.alloc(index % 2 === 0 ? 2 : 4);
        if (index % 2 === 0) bytes.writeUInt16LE(value);
        else bytes.writeUInt32LE(value);
        return bytes;
      }),
    ),
  );
}
