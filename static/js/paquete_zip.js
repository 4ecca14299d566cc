/* A ZIP in which nothing is compressed, read where it lies: its directory alone is read, and a file in it is a
   slice of it. So a package of a gigabyte takes no memory. It knows no page;
   paquete_nuevo.js uses it. */
self.PaqueteZip = (() => {
  "use strict";

  const END = 0x06054b50;
  const WIDE_END = 0x06064b50;
  const WIDE_PLACE = 0x07064b50;
  const ENTRY = 0x02014b50;
  const FILE = 0x04034b50;
  const LONG = 0xffffffff;
  const MANY = 0xffff;
  const TAIL = 22 + 20 + 0xffff;
  const LARGEST = 64 * 1024 * 1024;
  const STEP = 1024 * 1024;

  /* Errors carry one word, ``reason``, which paquete.js says in a sentence. */
  const problem = (reason) => Object.assign(new Error(reason), { reason });

  const read = async (blob, start, size) => {
    if (size < 0 || start + size > blob.size) throw problem("cortado");
    return new DataView(await blob.slice(start, start + size).arrayBuffer());
  };
  const small = (data, at) => data.getUint16(at, true);
  const word = (data, at) => data.getUint32(at, true);
  const long = (data, at) => word(data, at) + word(data, at + 4) * 2 ** 32;

  /* Where the directory is, and how many files it names; it is told at the very end. */
  const place = async (zip) => {
    const from = Math.max(0, zip.size - TAIL);
    const tail = await read(zip, from, zip.size - from);
    let at = tail.byteLength - 22;
    while (at >= 0 && word(tail, at) !== END) at -= 1;
    if (at < 0) {
      const begins = zip.size >= 4 && word(await read(zip, 0, 4), 0) === FILE;
      throw problem(begins ? "cortado" : "ajeno");
    }
    const [count, size, start] = [small(tail, at + 10), word(tail, at + 12), word(tail, at + 16)];
    if (count < MANY && size < LONG && start < LONG) return { count, size, start };
    if (at < 20 || word(tail, at - 20) !== WIDE_PLACE) throw problem("cortado");
    const wide = await read(zip, long(tail, at - 12), 56);
    if (word(wide, 0) !== WIDE_END) throw problem("cortado");
    return { count: long(wide, 32), size: long(wide, 40), start: long(wide, 48) };
  };

  /* The numbers of an entry that did not fit into four bytes, in their order. */
  const wideNumbers = (data, start, end) => {
    for (let at = start; at + 4 <= end; at += 4 + small(data, at + 2)) {
      if (small(data, at) !== 1) continue;
      const many = Math.floor(small(data, at + 2) / 8);
      return Array.from({ length: many }, (_, n) => long(data, at + 4 + 8 * n));
    }
    return [];
  };

  const entry = (data, at) => {
    if (at + 46 > data.byteLength || word(data, at) !== ENTRY) throw problem("cortado");
    const name = at + 46;
    const extra = name + small(data, at + 28);
    const comment = extra + small(data, at + 30);
    const next = comment + small(data, at + 32);
    if (next > data.byteLength) throw problem("cortado");
    const wide = wideNumbers(data, extra, comment);
    const number = (where) => (word(data, where) === LONG && wide.length ? wide.shift() : word(data, where));
    const size = number(at + 24);
    const packed = number(at + 20);
    const header = number(at + 42);
    const path = new TextDecoder().decode(new Uint8Array(data.buffer, name, extra - name));
    const plain = small(data, at + 10) === 0 && packed === size && !(small(data, at + 8) & 1);
    return { path, size, header, plain, crc: word(data, at + 16), next };
  };

  /* The files of a ZIP, each with its CRC-32 and its content, which is not read yet. */
  const files = async (zip) => {
    const { count, size, start } = await place(zip);
    if (size > LARGEST) throw problem("ajeno");
    const data = await read(zip, start, size);
    const found = [];
    for (let at = 0; found.length < count; at = found[found.length - 1].next) found.push(entry(data, at));
    const told = found.filter(({ path }) => !path.endsWith("/"));
    if (!told.every(({ plain }) => plain)) throw problem("comprimido");
    return Promise.all(
      told.map(async ({ path, size: bytes, header, crc }) => {
        const head = await read(zip, header, 30);
        if (word(head, 0) !== FILE) throw problem("cortado");
        const begin = header + 30 + small(head, 26) + small(head, 28);
        if (begin + bytes > zip.size) throw problem("cortado");
        return { path, begin, crc, content: zip.slice(begin, begin + bytes) };
      }),
    );
  };

  const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    return sum;
  });

  /* The CRC-32 of a content, read a piece at a time; ``seen`` is told how many bytes were read. */
  const checksum = async (content, seen) => {
    let sum = -1;
    for (let at = 0; at < content.size; at += STEP) {
      const piece = new Uint8Array(await content.slice(at, at + STEP).arrayBuffer());
      for (let n = 0; n < piece.length; n += 1) sum = TABLE[(sum ^ piece[n]) & 255] ^ (sum >>> 8);
      seen(piece.length);
    }
    return ~sum >>> 0;
  };

  return { problem, files, checksum };
})();
