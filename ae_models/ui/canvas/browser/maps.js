/**
 * The maps as a Streamlit component: one live instance an element, however often Streamlit runs this.
 *
 * Streamlit calls `mount` after every change of the data or the theme, and calls what it returned only for the
 * component's end. A slow first call can come back after a second one has begun, and Streamlit then ends the first
 * one alone: hence the turn, by which only the latest call's end counts.
 */
import { LatentMaps } from "./instance.js"

/** @type {WeakMap<Element, LatentMaps>} */
const instances = new WeakMap()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement where to draw
 * @param {import("./instance.js").Data} component.data what to draw
 * @param {(name: string, value: unknown) => void} component.setTriggerValue tells Python of an event
 * @returns {() => void} ends the component
 */
export function mount({ parentElement, data, setTriggerValue }) {
  let maps = instances.get(parentElement)
  if (!maps) {
    maps = new LatentMaps(parentElement)
    instances.set(parentElement, maps)
  }
  const turn = maps.update(data, (id) => setTriggerValue("pin", id))
  return () => {
    if (maps.turn !== turn) return
    instances.delete(parentElement)
    maps.end()
  }
}
