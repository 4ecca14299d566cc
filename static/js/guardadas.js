/* Guides kept on this device: what is kept, how it is brought, checked, renewed and thrown away. It knows no
   page: guardar.js shows it, and sw.js (which reads the same file) answers with it when there is no network.

   The list is one stored answer; each guide is one file named by its sha256, the same file and the same list
   as the package's. It is kept in pieces, by their sha256 too: what guides or versions have in common is here once, and
   only what is missing travels. Only public files are asked for, and without cookies: nobody's name is in them. */
self.Guardadas = (() => {
  "use strict";

  const STORE = "guardadas-1";
  const SHELL = /^portada-/;
  const LIST = "/guardadas/lista.json";
  const LOOKED = "/guardadas/mirado.json";
  const DAY = 24 * 3600 * 1000;
  const at = (sha256) => `/guardadas/${sha256}`;

  /* Errors carry one word, ``reason``, which guardar.js says in a sentence. */
  const problem = (reason) => Object.assign(new Error(reason), { reason });

  const alone = (work) => (navigator.locks ? navigator.locks.request(STORE, work) : work());

  /* Without opening the store, which would make one where nothing is kept. */
  const stored = (key) => caches.match(key, { cacheName: STORE });

  const read = async (key, otherwise) => {
    const kept = await stored(key);
    return kept ? kept.json() : otherwise;
  };

  const put = async (key, response) => {
    try {
      await (await caches.open(STORE)).put(key, response);
    } catch (error) {
      throw problem(error.name === "QuotaExceededError" ? "lleno" : "guardar");
    }
  };

  const list = () => read(LIST, []);
  const find = async (slug) => (await list()).find((guide) => guide.id === slug);

  const ask = async (address, absent = "sitio") => {
    let answer;
    try {
      answer = await fetch(address, { credentials: "omit", cache: "no-store" });
    } catch {
      throw problem("red");
    }
    if (answer.status === 202) throw problem("preparando");
    if (answer.status === 404) throw problem(absent);
    if (!answer.ok) throw problem("sitio");
    return answer;
  };

  /* What there is of a guide now: version, size, files. */
  const look = async (slug) => (await ask(`/guias/${slug}/sin-conexion.json`, "retirada")).json();

  const fingerprint = async (content) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");

  /* Kept under its sha256, when its content is that. */
  const putPiece = async (piece, content) => {
    if ((await fingerprint(content)) !== piece.sha256) throw problem("incompleta");
    await put(at(piece.sha256), new Response(content));
  };

  /* A file in its pieces; one that was kept before there were pieces is one by itself. */
  const pieces = (object) => object.trozos || [object];

  /* The places of the pieces that are not here, each content once. */
  const lacking = async (object) => {
    if (await stored(at(object.sha256))) return [];
    const names = pieces(object).map((piece) => piece.sha256);
    const here = await Promise.all(names.map((name) => stored(at(name))));
    return [...names.keys()].filter((place) => !here[place] && names.indexOf(names[place]) === place);
  };

  /* Brings what is missing in one request. Each piece is kept when it is whole: what breaks off goes on with the next. */
  const bring = async (object) => {
    const places = await lacking(object);
    if (!places.length) return;
    const answer = await ask(`${object.por_trozos}?trozos=${places.join(",")}`);
    const reader = answer.body.getReader();
    let came = new Blob();
    for (const piece of places.map((place) => object.trozos[place])) {
      while (came.size < piece.bytes) {
        const { done, value } = await reader.read().catch(() => Promise.reject(problem("red")));
        if (done) throw problem("incompleta");
        came = new Blob([came, value]);
      }
      await putPiece(piece, await came.slice(0, piece.bytes).arrayBuffer());
      came = came.slice(piece.bytes);
    }
  };

  const content = async (object) => {
    const whole = await stored(at(object.sha256));
    if (whole) return whole.blob();
    const kept = await Promise.all(pieces(object).map((piece) => stored(at(piece.sha256))));
    return new Blob(await Promise.all(kept.map((piece) => piece.blob())));
  };

  /* The names of all that guides need, and what each weighs: what two have in common counts once. */
  const weights = (guides) =>
    new Map(guides.flatMap((g) => g.objetos.flatMap(pieces)).map((piece) => [piece.sha256, piece.bytes]));

  const weight = (guides) => [...weights(guides).values()].reduce((sum, bytes) => sum + bytes, 0);

  /* How many bytes are not here of a guide as it is ``now``. */
  const toBring = async (now) => {
    let sum = 0;
    for (const object of now.objetos) {
      for (const place of await lacking(object)) sum += pieces(object)[place].bytes;
    }
    return sum;
  };

  const write = async (guides) => {
    await put(LIST, new Response(JSON.stringify(guides), { headers: { "Content-Type": "application/json" } }));
    const names = [...weights(guides).keys(), ...guides.flatMap((guide) => guide.objetos.map((o) => o.sha256))];
    const wanted = new Set([LIST, LOOKED, ...names.map(at)]);
    const store = await caches.open(STORE);
    for (const request of await store.keys()) {
      if (!wanted.has(new URL(request.url).pathname)) await store.delete(request);
    }
  };

  /* Keeps a guide as it is ``now``, or renews it; what was kept stays until all of the new is here. */
  const keep = async (now) => {
    const slug = now.id;
    for (const object of now.objetos) await bring(object);
    const guides = await list();
    const before = guides.find((guide) => guide.id === slug);
    const changed = before && before.version !== now.version;
    const kept = {
      ...now,
      guardada: before && !changed ? before.guardada : new Date().toISOString(),
      antes: changed ? before.version : before && before.antes,
    };
    await write([...guides.filter((guide) => guide.id !== slug), kept]);
    return { kept, changed: Boolean(changed) };
  };

  const looked = () => put(LOOKED, new Response(JSON.stringify(Date.now())));

  const save = (now) =>
    alone(async () => {
      const done = await keep(now);
      await looked();
      return done;
    });

  const remove = (slug) =>
    alone(async () => {
      const left = (await list()).filter((guide) => guide.id !== slug);
      await write(left);
      return left.length;
    });

  const markGone = async (slug) => {
    const guides = await list();
    await write(guides.map((guide) => (guide.id === slug ? { ...guide, estado: "retirada" } : guide)));
  };

  /* Looks whether there is a newer version of each; returns those that were replaced. Stops without network. */
  const refresh = () =>
    alone(async () => {
      const renewed = [];
      for (const guide of await list()) {
        try {
          const { kept, changed } = await keep(await look(guide.id));
          if (changed) renewed.push(kept);
        } catch (error) {
          if (error.reason === "red") return renewed;
          if (error.reason === "retirada") await markGone(guide.id);
        }
      }
      await looked();
      return renewed;
    });

  /* The same, at most once a day, and not for who asked the browser to save data. */
  const refreshSometimes = async () => {
    if ((navigator.connection && navigator.connection.saveData) || !(await list()).length) return [];
    return Date.now() - (await read(LOOKED, 0)) < DAY ? [] : refresh();
  };

  /* Throws all of it away, also what the service worker keeps for itself. */
  const clear = async () => {
    for (const name of await caches.keys()) if (name === STORE || SHELL.test(name)) await caches.delete(name);
  };

  return { list, find, look, save, remove, refresh, refreshSometimes, content, weight, toBring, clear };
})();
