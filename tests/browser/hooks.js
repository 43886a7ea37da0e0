// Runs first in every case's frame and tells the frame around it what happened.
"use strict";

(() => {
  const key = Number(location.pathname.split("/").pop());
  const tell = (what) => parent.noticed(key, what);
  // What a payload may take the place of, kept while it is still ours.
  const all = document.querySelectorAll.bind(document);
  const find = document.getElementById.bind(document);
  const dispatch = EventTarget.prototype.dispatchEvent;
  const { hasAttribute, removeAttribute } = Element.prototype;
  const attributes = Object.getOwnPropertyDescriptor(Element.prototype, "attributes").get;
  const own = "data-own";

  for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
    window[name] = () => tell("script");
  }
  addEventListener("message", () => tell("script"));
  // The policy of the page is only reported, so that all else runs as it would.
  document.addEventListener("securitypolicyviolation", (event) =>
    tell(`policy ${event.effectiveDirective}`),
  );
  // Links to other pages are what links are for; those to scripts are followed.
  addEventListener(
    "click",
    (event) => {
      const link = event.composedPath().find((it) => it.localName === "a" || it.localName === "area");
      const url = link && (link.href?.baseVal ?? link.href);
      if (url !== undefined && /^(https?|mailto):/i.test(new URL(url, "http://x/").protocol)) {
        event.preventDefault();
      }
    },
    true,
  );

  function clobbered() {
    if ("victim" in window || "victim" in document) tell("clobbered victim");
    for (const [name, type] of Object.entries({
      getElementById: "function",
      createElement: "function",
      cookie: "string",
    })) {
      if (typeof document[name] !== type) tell(`clobbered ${name}`);
    }
    const { body, forms, defaultView } = document;
    if (!(body instanceof HTMLBodyElement)) tell("clobbered body");
    if (!(forms instanceof HTMLCollection)) tell("clobbered forms");
    if (defaultView !== window) tell("clobbered defaultView");
  }

  /** Do to every element what a reader could, and raise every event it listens to. */
  function poke() {
    clobbered();
    for (const element of all("body *")) {
      if (hasAttribute.call(element, own)) continue;
      for (const { name } of [...attributes.call(element)]) {
        if (name === "target") removeAttribute.call(element, name);
        if (name.startsWith("on")) dispatch.call(element, new Event(name.slice(2)));
      }
      dispatch.call(element, new MouseEvent("mouseover", { bubbles: true }));
      if (element instanceof HTMLElement) {
        HTMLElement.prototype.focus.call(element);
        HTMLElement.prototype.click.call(element);
      } else {
        dispatch.call(element, new MouseEvent("click", { bubbles: true, cancelable: true }));
      }
    }
  }

  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  addEventListener("load", async () => {
    await wait(20);
    // Our own elements stand where the page put them: nothing was swallowed or left.
    const after = find("after");
    const page = HTMLBodyElement.prototype.isPrototypeOf(after?.parentNode);
    if (!page || find("target")?.parentNode !== after.parentNode) tell("broke out");
    poke();
    await wait(30);
    // A second parser reads what the first one wrote.
    const target = find("target") ?? document.documentElement;
    const markup = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
    markup.set.call(target, markup.get.call(target));
    await wait(20);
    poke();
    await wait(60);
    parent.finished(key);
  });
})();
