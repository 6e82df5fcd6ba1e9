// Follows the builds of `kg dev`: a page is loaded anew when there is another release, and shows why there is none.
"use strict";
(() => {
  const shown = document.currentScript.dataset.release;
  const board = document.createElement("aside");
  board.className = "kg-dev";
  board.setAttribute("role", "status");
  board.lang = "en";
  board.dir = "ltr";

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
      const said = state.problems.length === 1 ? "1 fault" : `${state.problems.length} faults`;
      line("h2", `${said}: the last good release is shown${state.building ? "; building" : ""}`, board);
      const list = line("ol", "", board);
      for (const problem of state.problems) {
        const item = line("li", "", list);
        if (problem.place) line("code", problem.place, item).dir = "auto";
        line("p", problem.message, item).dir = "auto";
        if (problem.hint) line("p", problem.hint, item).className = "kg-dev-hint";
      }
    } else if (state.building) {
      line("p", "building", board);
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
