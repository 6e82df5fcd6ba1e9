// Follows the builds of `kg dev`: a page is loaded anew when there is another release, and shows why there is none.
"use strict";
(() => {
  const { release: shown, said: words } = document.currentScript.dataset;
  const said = JSON.parse(words);
  const board = document.createElement("aside");
  board.className = "kg-dev";
  board.setAttribute("role", "status");

  const line = (name, text, parent) => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.append(element);
    return element;
  };

  const draw = (state) => {
    board.replaceChildren();
    board.classList.toggle("kg-dev-failed", state.problems.length > 0);
    if (state.problems.length) {
      const told = said.faults.replace("{number}", state.problems.length);
      line("h2", state.building ? `${told} · ${said.building}` : told, board);
      const list = line("ol", "", board); // errors are in English, as at the command line
      list.lang = "en";
      list.dir = "ltr";
      for (const problem of state.problems) {
        const item = line("li", "", list);
        if (problem.place) line("code", problem.place, item).dir = "auto";
        line("p", problem.message, item).dir = "auto";
        if (problem.hint) line("p", problem.hint, item).className = "kg-dev-hint";
      }
    } else if (state.building) {
      line("p", said.building, board);
    }
    if (board.childElementCount) document.body.append(board);
    else board.remove();
  };

  const source = new EventSource("/.dev/events");
  source.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (state.release !== shown && !state.building && !state.problems.length) location.reload();
    else draw(state);
  };
  addEventListener("pagehide", () => source.close());
})();
