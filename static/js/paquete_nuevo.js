/* Makes today's whole package of an earlier one: asks the portal what is missing, puts it together with what is
   here, and checks every file of the result. It knows no page: paquete.js says what it tells.

   The new ZIP is slices of the old files and of what came, so nothing is copied before it is saved. */
self.PaqueteNuevo = (() => {
  "use strict";

  const { problem, files, checksum } = PaqueteZip;
  const MANIFEST = "manifest.json";
  const MANY = 64;
  const WAITS = [1, 4];

  const offline = () => Promise.reject(problem("red"));

  /* What had come when the line broke, as long as the page is open: the next question goes on from there. */
  let half = null;

  /* path → content of all that lies beside the manifest, or below it; the first one, if there are several. */
  const beside = (found) => {
    const manifests = found.map(([path]) => path).filter((path) => `/${path}`.endsWith(`/${MANIFEST}`));
    if (!manifests.length) throw problem("ajeno");
    const root = manifests.sort((a, b) => a.length - b.length)[0].slice(0, -MANIFEST.length);
    const own = found.filter(([path]) => path.startsWith(root));
    return new Map(own.map(([path, content]) => [path.slice(root.length), content]));
  };

  const inZip = async (zip) => beside((await files(zip)).map(({ path, content }) => [path, content]));
  const inFolder = (list) => beside(list.map((file) => [file.webkitRelativePath, file]));

  /* What the manifest says, and what it names without being there. */
  const read = async (own) => {
    const text = await own.get(MANIFEST).text();
    try {
      const told = JSON.parse(text.replace(/^\uFEFF/, ""));
      const objects = Object.entries(told.objetos || {});
      const lost = told.archivos.filter((file) => !own.has(file.archivo) || own.get(file.archivo).size !== file.bytes);
      const gone = new Set(lost.map((file) => file.archivo));
      const named = objects.flatMap(([, paths]) => paths);
      named.filter((path) => !own.has(path)).forEach((path) => gone.add(path));
      if (gone.size > Math.max(named.length, told.archivos.length) / 2) throw problem("pocos");
      return { told, objects, gone };
    } catch (error) {
      throw error.reason ? error : problem("ajeno");
    }
  };

  const without = ({ told, objects, gone }) => ({
    ...told,
    archivos: told.archivos.filter((file) => !gone.has(file.archivo)),
    objetos: Object.fromEntries(objects.map(([sha256, paths]) => [sha256, paths.filter((path) => !gone.has(path))])),
  });

  /* A sentence of the portal comes as JSON, and steps as text. */
  const ask = async (address, token, manifest) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", token);
    body.append("manifest", new Blob([JSON.stringify(manifest)]), MANIFEST);
    if (half) {
      body.append("marca", half.recipe.marca);
      body.append("van", half.news.size);
    }
    const answer = await fetch(address, { method: "POST", body }).catch(offline);
    if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) {
      const { dice } = await answer.json();
      throw Object.assign(problem("dicho"), { words: dice, fine: answer.ok });
    }
    if (!answer.ok) throw problem("sitio");
    return answer.body.getReader();
  };

  /* The first line says the steps, or that the rest follows of what half has; after it come the new bytes. */
  const receive = async (reader, tell) => {
    let recipe;
    let parts = [];
    let came = 0;
    const broken = () => {
      if (came) half = { recipe, news: new Blob(parts) };
      return offline();
    };
    for (;;) {
      const { done, value } = await reader.read().catch(broken);
      if (done) break;
      const end = recipe ? -1 : value.indexOf(10);
      const rest = value.subarray(end + 1);
      parts.push(end < 0 ? value : value.subarray(0, end));
      if (end >= 0) {
        recipe = JSON.parse(await new Blob(parts).text());
        parts = [rest];
        if (recipe.sigue) {
          parts.unshift(half.news);
          came = half.news.size;
          recipe = half.recipe;
        }
      }
      if (recipe) tell("bajando", (came += rest.length) / recipe.nuevos, recipe.nuevos);
      if (recipe && parts.length > MANY) parts = [new Blob(parts)];
    }
    if (!recipe || came !== recipe.nuevos) return broken();
    half = null;
    return { recipe, news: new Blob(parts) };
  };

  /* A line that breaks is taken up again, twice by itself. */
  const bring = async (address, token, manifest, tell) => {
    for (const wait of [...WAITS, 0]) {
      try {
        return await receive(await ask(address, token, manifest), tell);
      } catch (error) {
        if (error.reason !== "red" || !wait) throw error;
        tell("cortado");
        await new Promise((done) => setTimeout(done, wait * 1000));
      }
    }
  };

  /* The new ZIP, where in it something is hers, and what of hers is too short to be what its manifest says. */
  const build = (own, { recipe, news }) => {
    const parts = [];
    const used = [];
    let taken = 0;
    let at = 0;
    recipe.pasos.forEach((step) => {
      const isNew = typeof step === "number";
      const [path, start, size] = isNew ? ["", taken, step] : step;
      const part = (isNew ? news : own.get(path)).slice(start, start + size);
      if (isNew) taken += size;
      else used.push({ path, at, short: part.size < size });
      parts.push(part);
      at += size;
    });
    return { made: new Blob(parts, { type: "application/zip" }), used };
  };

  /* The paths of hers that are not what her manifest says: what was made of them has another checksum. */
  const damaged = async (made, used, tell) => {
    const short = used.filter((one) => one.short).map(({ path }) => path);
    if (short.length) return short;
    const found = [];
    let seen = 0;
    for (const { begin, crc, content } of await files(made)) {
      const sum = await checksum(content, (bytes) => tell("revisando", (seen += bytes) / made.size));
      if (sum === crc) continue;
      const from = used.filter(({ at }) => at >= begin && at < begin + content.size);
      if (!from.length) throw problem("malo");
      found.push(...from.map(({ path }) => path));
    }
    return found;
  };

  /* Returns the whole new ZIP and its name. What of hers turns out to be damaged (too short, or other than its
     manifest says, one seen after the other) is asked for with the rest again.
     Raises what has a ``reason``; ``tell`` hears what is going on and how far it is. */
  const renew = async (own, address, token, tell) => {
    const known = await read(own);
    for (let tries = 0; tries < 3; tries += 1) {
      tell("pidiendo");
      const came = await bring(address, token, without(known), tell);
      const { made, used } = build(own, came);
      const wrong = await damaged(made, used, tell);
      if (!wrong.length && made.size === came.recipe.bytes) {
        return { ...came.recipe, made, mended: known.gone.size > 0 };
      }
      wrong.forEach((path) => known.gone.add(path));
    }
    throw problem("malo");
  };

  return { inZip, inFolder, renew };
})();
