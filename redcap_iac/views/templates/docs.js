"use strict";
(function () {
  var root = document.documentElement;
  var box = document.getElementById("search");
  var told = document.getElementById("found");
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr[data-search]"));
  var forms = Array.prototype.slice.call(document.querySelectorAll("details.form"));
  root.classList.add("scripted");

  // on a narrow screen the rows are no table any more to look at; to listen to they still are
  function name(table) {
    var roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
    [table].concat(Array.prototype.slice.call(table.querySelectorAll("*"))).forEach(function (part) {
      var role = part.tagName === "TH" ? (part.scope === "row" ? "rowheader" : "columnheader") : roles[part.tagName];
      if (role) { part.setAttribute("role", role); }
    });
  }
  function nameAll() { document.querySelectorAll("table.fields").forEach(name); }
  var narrow = window.matchMedia("(max-width: 48rem)");
  if (narrow.matches) { nameAll(); } else { narrow.addEventListener("change", nameAll, { once: true }); }

  function remember(key, value) {
    try {
      if (value === undefined) { return localStorage.getItem(key); }
      localStorage.setItem(key, value);
    } catch (refused) { /* pages from a disk may not keep anything */ }
    return null;
  }

  function look() {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    rows.forEach(function (row) {
      var text = row.getAttribute("data-search");
      var hit = words.every(function (word) { return text.indexOf(word) >= 0; });
      row.hidden = !hit;
      if (hit) { count += 1; }
    });
    document.querySelectorAll("tr.section").forEach(function (row) { row.hidden = words.length > 0; });
    forms.forEach(function (form) {
      var any = form.querySelector("tr[data-search]:not([hidden])") !== null;
      form.hidden = words.length > 0 && !any;
      if (words.length && any) { form.open = true; }
    });
    root.classList.toggle("searching", words.length > 0);
    told.textContent = words.length
      ? (count === 0 ? "No field matches." : count + (count === 1 ? " field matches." : " fields match."))
      : "";
  }

  function place() {
    try { return decodeURIComponent(location.hash.slice(1)); } catch (malformed) { return ""; }
  }

  function reach() {
    var target = document.getElementById(place());
    if (!target) { return; }
    if (box.value && target.hidden) { box.value = ""; look(); }
    for (var fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) { fold.open = true; }
    target.scrollIntoView();
  }

  var timer = 0;
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(input|textarea|select)$/i.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "Escape" && event.target === box) {
      box.value = "";
      look();
    }
  });

  var themes = ["auto", "light", "dark"];
  var button = document.getElementById("theme");
  function wear(theme) {
    if (theme === "auto") { root.removeAttribute("data-theme"); } else { root.setAttribute("data-theme", theme); }
    button.textContent = "Colours: " + theme;
  }
  var worn = remember("redcap-iac-theme") || "auto";
  wear(themes.indexOf(worn) < 0 ? "auto" : worn);
  button.addEventListener("click", function () {
    worn = themes[(themes.indexOf(worn) + 1) % themes.length];
    wear(worn);
    remember("redcap-iac-theme", worn);
  });
  document.getElementById("unfold").addEventListener("click", function () {
    var closed = forms.some(function (form) { return !form.open; });
    forms.forEach(function (form) { form.open = closed; });
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
  window.addEventListener("hashchange", reach);

  if (place().indexOf("search=") === 0) {
    box.value = place().slice(7);
    look();
  } else {
    reach();
  }
})();
