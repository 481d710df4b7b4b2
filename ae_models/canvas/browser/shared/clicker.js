/**
 * The keys of a presenter's clicker in a lesson: on (reveal, the next panel, the next exhibit) and back.
 *
 * Some clickers send PageDown and PageUp, others the arrows to the right and to the left. A slider keeps its arrows, a
 * field of text all of its keys.
 */
const ON = new Set(["PageDown", "ArrowRight"])
const BACK = new Set(["PageUp", "ArrowLeft"])
const REVEAL = ".st-key-lesson-reveal button:not(:disabled)"
const NEXT = ".st-key-lesson-step-Next button:not(:disabled)"
const PREVIOUS = ".st-key-lesson-step-Previous button:not(:disabled)"
const TEXT = "textarea, input:not([type=radio], [type=checkbox], [type=range]), [contenteditable=true]"
const SLIDER = "[role=slider], [type=range]"
const SCREEN = 0.85 // of a screen is scrolled where no panel says how much
const REST = 48 // CSS pixels below the last line: nothing to see

/** @type {WeakMap<Element, {lesson: string, turn: number, quiet: AbortController}>} */
const heard = new WeakMap()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement
 * @param {{lesson: string}} component.data
 */
export function mount({ parentElement, data }) {
  let state = heard.get(parentElement)
  if (!state) {
    state = { lesson: data.lesson, turn: 0, quiet: new AbortController() }
    heard.set(parentElement, state)
    addEventListener("keydown", press, { capture: true, signal: state.quiet.signal })
  }
  const held = state
  const turn = (held.turn += 1)
  if (held.lesson !== data.lesson) page()?.scrollTo({ top: 0 })
  held.lesson = data.lesson
  return () => {
    if (held.turn !== turn) return // see canvas.js
    heard.delete(parentElement)
    held.quiet.abort()
  }
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  if (!ON.has(event.key) && !BACK.has(event.key)) return
  const at = event.target instanceof Element ? event.target : null
  if (at?.closest(TEXT) || (event.key.startsWith("Arrow") && at?.closest(SLIDER))) return
  event.preventDefault()
  event.stopPropagation()
  if (ON.has(event.key)) on()
  else back()
}

function on() {
  const main = page()
  if (click(REVEAL) || !main) return
  const foot = main.getBoundingClientRect().bottom
  const head = main.getBoundingClientRect().top
  if (main.scrollHeight - main.clientHeight - main.scrollTop <= REST) {
    click(NEXT)
    return
  }
  const panels = [...main.querySelectorAll('[class*="st-key-panel-"]')].map((panel) => panel.getBoundingClientRect())
  const next = panels.find(({ top, bottom, height }) => height > 0 && bottom > foot + 4 && top > head + REST)
  move(main, next ? next.top - head - 12 : SCREEN * main.clientHeight)
}

function back() {
  const main = page()
  if (!main || main.scrollTop < 4) click(PREVIOUS)
  else move(main, -SCREEN * main.clientHeight)
}

/** @returns {HTMLElement | null} what scrolls */
function page() {
  return document.querySelector('[data-testid="stMain"]')
}

/**
 * @param {HTMLElement} main
 * @param {number} by
 */
function move(main, by) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
  main.scrollBy({ top: by, behavior: calm ? "auto" : "smooth" })
}

/**
 * @param {string} selector
 * @returns {boolean} whether there was such a button
 */
function click(selector) {
  const button = document.querySelector(selector)
  if (!(button instanceof HTMLElement)) return false
  button.click()
  return true
}
