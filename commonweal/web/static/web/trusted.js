// What may become a document, a script or a worker in our pages. The content security policy lets nothing past this.
// Text becomes script nowhere. A script or a worker comes from this very site. HTML is htmx's business, which writes
// only what our own server answered; scripts and handlers within it are refused by the policy besides.
if (window.trustedTypes) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (html) => html,
    // htmx makes each script element of an answer anew and copies the text between its tags, of which ours have none.
    createScript: (text) => (text === "" ? text : null),
    createScriptURL: (address) => (new URL(address, location.href).origin === location.origin ? address : null),
  });
}
