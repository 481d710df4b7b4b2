/**
 * The latent canvas as a Streamlit component: one live instance an element, however often Streamlit runs this.
 *
 * Streamlit calls `mount` after every change of the data or the theme, and calls what it returned only for the
 * component's end. A slow first call can come back after a second one has begun, and Streamlit then ends the first
 * one alone: hence the turn, by which only the latest call's end counts.
 */
import { readFeatures } from "../shared/features.js"
import { Studio } from "./studio.js"
import { speakOf } from "../shared/sentences.js"

/** @type {WeakMap<Element, Studio>} */
const instances = new WeakMap()

/**
 * @param {object} component what Streamlit hands over
 * @param {HTMLElement} component.parentElement where to draw
 * @param {import("../shared/types.js").CanvasPayload} component.data what to draw
 * @param {(name: string, value: unknown) => void} component.setTriggerValue tells Python of an event
 * @returns {() => void} ends the component
 */
export function mount({ parentElement, data, setTriggerValue }) {
  let studio = instances.get(parentElement)
  const otherNouns = speakOf(data.nouns)
  readFeatures(data.features_url)
  if (studio && otherNouns) studio.end() // images came in place of rows of numbers, or the other way round
  if (!studio || otherNouns) {
    studio = new Studio(parentElement)
    instances.set(parentElement, studio)
  }
  const turn = studio.update(data, (message) => setTriggerValue("said", message))
  return () => {
    if (studio.turn !== turn) return
    instances.delete(parentElement)
    studio.end()
  }
}
