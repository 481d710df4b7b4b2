/** Fetch and read a script before it is needed: while a question is read, not while its answer is waited for. */

const SOON = 300 // ms after the question is there

/** @type {WeakSet<Element>} */
const asked = new WeakSet()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {{script: string}} component.data
 */
export function mount({ parentElement, data }) {
  if (asked.has(parentElement)) return
  asked.add(parentElement)
  setTimeout(() => import(new URL(data.script, document.baseURI).href).catch(() => {}), SOON) // else it comes later
}
