// Tries an operation from the page about the API and shows what came, as it came.
"use strict";
const token = document.getElementById("token");
document.getElementById("token-form").addEventListener("submit", (event) => event.preventDefault());
for (const form of document.querySelectorAll("form.try")) {
  const output = form.querySelector("output");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    let path = form.dataset.path;
    const query = new URLSearchParams();
    const headers = { "Accept-Language": document.documentElement.lang };
    for (const field of form.querySelectorAll("input[data-name]")) {
      const { name, place } = field.dataset;
      if (place === "path") { path = path.replace(`{${name}}`, encodeURIComponent(field.value)); }
      else if (field.value && place === "query") { query.set(name, field.value); }
      else if (field.value) { headers[name] = field.value; }
    }
    const body = form.querySelector("textarea");
    if (body) { headers["Content-Type"] = body.dataset.kind; }
    if (token.value) { headers.Authorization = `Bearer ${token.value}`; }
    const asked = query.size ? `${path}?${query}` : path;
    output.replaceChildren();
    const shown = document.createElement("pre");
    shown.tabIndex = 0;
    try {
      // Without cookies, as a program would ask.
      const answer = await fetch(asked, {
        method: form.dataset.method, headers, credentials: "omit", cache: "no-store", ...(body ? { body: body.value } : {}),
      });
      const told = [`${answer.status} ${answer.statusText}`];
      for (const name of ["content-type", "etag", "retry-after", "allow"]) {
        if (answer.headers.has(name)) { told.push(`${name}: ${answer.headers.get(name)}`); }
      }
      let text = await answer.text();
      try { text = JSON.stringify(JSON.parse(text), null, 2); } catch { /* as it came */ }
      shown.textContent = `${told.join("\n")}\n\n${text.slice(0, 20000)}`;
    } catch (error) {
      shown.textContent = String(error);
    }
    output.append(shown);
  });
}
