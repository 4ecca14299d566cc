/* Guides kept on this device: what is kept, how it is brought, checked, renewed and thrown away. It knows no
   page: guardar.js shows it, and sw.js (which reads the same file) answers with it when there is no network.

   The list is one stored answer; each guide is one file named by its sha256, the same file and the same list
   as the package's. Only public files are asked for, and without cookies: nobody's name can be in them. */
self.Guardadas = (() => {
  "use strict";

  const STORE = "guardadas-1";
  const SHELL = /^portada-/;
  const LIST = "/guardadas/lista.json";
  const LOOKED = "/guardadas/mirado.json";
  const BEGUN = "/guardadas/empezada";
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

  const ask = async (address, headers = {}) => {
    let answer;
    try {
      answer = await fetch(address, { credentials: "omit", cache: "no-cache", headers });
    } catch {
      throw problem("red");
    }
    if (answer.status === 202) throw problem("preparando");
    if (answer.status === 404) throw problem("retirada");
    if (!answer.ok) throw problem("sitio");
    return answer;
  };

  /* What there is of a guide now: version, size, files. */
  const look = async (slug) => (await ask(`/guias/${slug}/sin-conexion.json`)).json();

  const fingerprint = async (content) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");

  /* What came of an object before the connection broke; one at a time, the last. */
  const begun = async (sha256) => {
    const kept = await stored(BEGUN);
    return kept && kept.headers.get("X-Objeto") === sha256 ? kept : null;
  };

  /* All of an object, from where it broke off before: the site goes on (206), or sends all of it when the file at
     that address is another one by now (200). */
  const receive = async (object) => {
    const kept = await begun(object.sha256);
    const pieces = kept ? [await kept.arrayBuffer()] : [];
    const length = kept ? pieces[0].byteLength : 0;
    if (length && length >= object.bytes) return pieces[0];
    const mark = kept && kept.headers.get("ETag");
    const answer = await ask(object.direccion, length && mark ? { Range: `bytes=${length}-`, "If-Range": mark } : {});
    if (answer.status !== 206) pieces.length = 0;
    try {
      const reader = answer.body.getReader();
      for (let came = await reader.read(); !came.done; came = await reader.read()) pieces.push(came.value);
    } catch {
      const headers = { "X-Objeto": object.sha256, ETag: answer.headers.get("ETag") || "" };
      await put(BEGUN, new Response(new Blob(pieces), { headers }));
      throw problem("red");
    }
    return new Blob(pieces).arrayBuffer();
  };

  const bring = async (object) => {
    if (await stored(at(object.sha256))) return;
    const content = await receive(object);
    if (await begun(object.sha256)) await (await caches.open(STORE)).delete(BEGUN);
    if ((await fingerprint(content)) !== object.sha256) throw problem("incompleta");
    await put(at(object.sha256), new Response(content, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  };

  const write = async (guides) => {
    await put(LIST, new Response(JSON.stringify(guides), { headers: { "Content-Type": "application/json" } }));
    const wanted = new Set([LIST, LOOKED, BEGUN, ...guides.flatMap((guide) => guide.objetos.map((o) => at(o.sha256)))]);
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

  const content = (sha256) => stored(at(sha256));

  /* Throws all of it away, also what the service worker keeps for itself. */
  const clear = async () => {
    for (const name of await caches.keys()) if (name === STORE || SHELL.test(name)) await caches.delete(name);
  };

  return { list, find, look, save, remove, refresh, refreshSometimes, content, clear };
})();
