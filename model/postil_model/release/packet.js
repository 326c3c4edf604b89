
"use strict";
const main = document.querySelector("main"), told = document.querySelector("[role=status]");
let saved = true;
function answers() {
  const parts = ["# " + document.querySelector("h1").textContent, main.dataset.mark];
  for (const section of main.querySelectorAll("section[data-id]")) {
    const label = section.querySelector("h2").textContent.replace(/\s+/g, " ").trim();
    const boxes = [...section.querySelectorAll("input")].map(
      box => "- [" + (box.checked ? "x" : " ") + "] " + box.parentNode.textContent.trim());
    const remark = section.querySelector("textarea").value.trim().split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map(
      line => line.trim().replace(/^(?=[#*\[\\<-])/, "\\")).join("\n");
    parts.push("## " + label + " <!-- " + section.dataset.id + " -->", boxes.join("\n"), remark);
  }
  return parts.filter(part => part).join("\n\n") + "\n";
}
main.addEventListener("input", () => { saved = false; });
document.querySelector("button").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answers()], {type: "text/plain;charset=utf-8"}));
  link.download = main.dataset.file;
  document.body.append(link);
  link.click();
  link.remove();
  saved = true;
  told.textContent = "Saved as " + link.download + ", where your browser keeps downloads. Please send us this file.";
});
addEventListener("beforeunload", event => { if (!saved) event.preventDefault(); });
