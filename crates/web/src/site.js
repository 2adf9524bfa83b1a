// Improves pages that work without it: files can be dropped, and a page that waits looks again without a flash.
"use strict";
for (const form of document.querySelectorAll("form.drop")) {
  const file = form.querySelector("input[type=file]");
  const over = (on) => (event) => { event.preventDefault(); form.classList.toggle("over", on); };
  form.addEventListener("dragover", over(true));
  form.addEventListener("dragleave", over(false));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (event.dataTransfer.files.length) { file.files = event.dataTransfer.files; }
  });
}
for (const form of document.querySelectorAll("form[method=post]")) {
  // A second press of the button sends nothing twice.
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); }
    form.dataset.sent = "1";
  });
}
addEventListener("pageshow", () => { for (const form of document.forms) { delete form.dataset.sent; } });
// While a record is being typed, those that may be the same are pointed out; the server looks again when it is saved.
for (const form of document.querySelectorAll("form[data-near]")) {
  const place = form.querySelector("#near");
  let asked = 0;
  form.addEventListener("change", async () => {
    const mine = ++asked;
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    for (const field of form.elements) {
      if (field.name && field.name.startsWith("v.")) { body.append(field.name, field.value); }
    }
    let found = [];
    try {
      const answer = await fetch(form.dataset.near, { method: "POST", body });
      if (answer.ok) { found = await answer.json(); }
    } catch { return; }
    if (mine !== asked) { return; }
    place.replaceChildren();
    if (!found.length) { return; }
    const list = document.createElement("ul");
    for (const one of found) {
      const item = document.createElement("li");
      const name = document.createElement(one.href ? "a" : "bdi");
      if (one.href) { name.href = one.href; }
      name.textContent = one.key;
      item.append(name, ": " + one.why);
      list.append(item);
    }
    const notice = document.createElement("div");
    notice.className = "notice";
    notice.append(place.dataset.text, list);
    place.append(notice);
  });
}
