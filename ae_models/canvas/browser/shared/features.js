/** What the parts of a sample are called, where they have names and scales of their own, as the numbers of a row have. */
import { fetchBytes } from "./arrays.js"

/** @typedef {[string, number, number]} Feature its name, its lowest and its highest value */

/** @type {{url: string | null, known: Feature[]}} one data set a page */
let here = { url: null, known: [] }

/** @param {string | null} url */
export async function readFeatures(url) {
  if (url === here.url) return
  const wanted = (here = { url, known: /** @type {Feature[]} */ ([]) })
  if (!url) return
  try {
    wanted.known = JSON.parse(new TextDecoder().decode(await fetchBytes(url)))
  } catch {
    if (here === wanted) here = { url: null, known: [] } // the next look tries again
  }
}

/** What is known of the parts of a sample; nothing before it has come, and of most kinds. */
export const features = () => here.known
