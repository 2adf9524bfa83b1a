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
