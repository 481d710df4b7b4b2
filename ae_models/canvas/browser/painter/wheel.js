/**
 * The wheel over a map: the page's while it can scroll, the map's once a visitor has taken it up.
 *
 * A map is taken up by a click, a drag or the keyboard, which all leave it in focus, and with Ctrl or Meta in hand (as
 * two fingers on a touchpad say). Whoever only scrolls past it scrolls past it.
 */
import { element } from "../shared/text.js"

/** @import {Spot} from "../shared/browsertypes.js" */
/** @import {Card} from "./cards.js" */

const OFTEN = 2 // how many times a visitor is told
const LONG = 2200 // ms

/**
 * @param {HTMLElement} root of the maps
 * @param {(event: MouseEvent) => Spot | null} locate
 * @param {Card[]} cards
 * @returns {() => void} stop listening
 */
export function guard(root, locate, cards) {
  const quiet = new AbortController()
  const words = element("p", "ll-keys ll-wheel", "The wheel zooms once you have clicked the map, or with Ctrl.")
  let told = 0
  let wait = 0
  const wheel = (/** @type {WheelEvent} */ event) => {
    const spot = locate(event)
    if (!spot || event.ctrlKey || event.metaKey || !scrolls(root)) return
    const { area } = cards[spot.place]
    if (area === document.activeElement) return
    event.stopPropagation() // the map would zoom, and keep the page where it is
    if (told >= OFTEN || words.isConnected) return
    told += 1
    area.append(words)
    clearTimeout(wait)
    wait = window.setTimeout(() => words.remove(), LONG)
  }
  root.addEventListener("wheel", wheel, { capture: true, passive: true, signal: quiet.signal })
  return () => {
    clearTimeout(wait)
    quiet.abort()
  }
}

/** Whether something that an element lies in has more than it shows. @param {HTMLElement} from */
function scrolls(from) {
  for (let at = from.parentElement; at; at = at.parentElement) {
    if (at.scrollHeight <= at.clientHeight + 1) continue
    if (at === document.scrollingElement || /auto|scroll/.test(getComputedStyle(at).overflowY)) return true
  }
  return false
}
