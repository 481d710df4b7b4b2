/** What the colours of the dots mean: chosen, fetched, told; the legend and the scale follow. */
import * as arrays from "../shared/arrays.js"
import { write } from "../shared/text.js"

/** @import {Colouring} from "../shared/browsertypes.js" */
/** @import {CanvasPayload, CodeSpace} from "../shared/types.js" */
/** @import {Studio} from "../explore/studio.js" */
/** @import {Tools} from "../explore/tools.js" */

export class Colours {
  /** @param {Studio} studio @param {Tools} tools @param {HTMLElement} status */
  constructor(studio, tools, status) {
    this.studio = studio
    this.tools = tools
    this.status = status
    this.told = "" // the clusters that were told of last
  }

  /** Python's latest data; what may be chosen is written already. @param {CanvasPayload} data @param {boolean} other */
  set(data, other) {
    const { colour } = this.tools
    if (other) {
      const asked = data.colour === "class" ? "" : data.colour
      const [first] = data.spaces
      colour.value = asked ?? "" // a select knows only what it offers
      const offered = asked !== null && colour.selectedIndex >= 0
      if (!offered) colour.value = data.class_names.length || !first ? "" : `errors ${first.key}` // no classes: by error
      this.tools.legend(null)
      this.told = ""
    }
    this.tools.count(data)
    const found = this.#clusters()?.clusters
    if (!other && found && found.url !== this.told) this.#show() // another number of them
  }

  /** Maps are there, of another model or data set perhaps. */
  loaded() {
    if (this.tools.colour.value) this.#show()
  }

  /** A visitor chose. @param {string} by */
  choose(by) {
    const { data, messages } = this.studio
    if (data) this.tools.count(data)
    messages.say({ colour: by || "class" })
    this.#show()
  }

  /** A visitor asked for another number of clusters. @param {number} clusters */
  ask(clusters) {
    write(this.status, "Looking for clusters …")
    this.studio.messages.say({ clusters })
  }

  /** The space whose clusters are shown. @returns {CodeSpace | undefined} */
  #clusters() {
    const [kind, key] = this.tools.colour.value.split(" ")
    return kind === "clusters" ? this.studio.data?.spaces.find((space) => space.key === key) : undefined
  }

  async #show() {
    const { tools } = this
    const { data, maps } = this.studio
    const by = tools.colour.value
    const space = this.#clusters()
    const wanted = space?.clusters?.url
    if (wanted && this.told !== wanted) write(this.status, "Looking for clusters …")
    const found = await colouring(by, data).catch(() => undefined)
    if (tools.colour.value !== by || this.#clusters()?.clusters?.url !== wanted) return // another choice overtook this one
    if (found === undefined) {
      this.told = ""
      return write(this.status, "These colours could not be fetched. Choose again.")
    }
    maps.recolour(found)
    tools.legend(found && "values" in found && maps.theme ? { values: found.values, theme: maps.theme } : null)
    if (wanted && space && this.told !== wanted) write(this.status, told(space, data?.counts[0] ?? 0))
    else if (!wanted && this.told) write(this.status, "")
    this.told = wanted ?? ""
  }
}

/** @param {string} by @param {CanvasPayload | null} data @returns {Promise<Colouring | null>} null: by class */
async function colouring(by, data) {
  const [kind, key] = by.split(" ")
  const space = data?.spaces.find((one) => one.key === key)
  if (!data || !space) return null
  if (kind === "errors") return { values: await arrays.floats(space.errors_url, data.n) }
  if (kind === "distances") return { values: await arrays.floats(space.distances_url, data.n) }
  if (!space.clusters) return null
  const labels = await arrays.labels(space.clusters.url, data.n)
  const n = labels.reduce((most, label) => Math.max(most, label), 0) + 1
  return { groups: { labels, names: Array.from({ length: n }, (_, i) => `Cluster ${i + 1}`) } }
}

/** @param {CodeSpace} space @param {number} k */
function told({ title, axes, clusters }, k) {
  const numbers = axes.length === 1 ? "the one number" : `all ${axes.length} numbers`
  return (
    `k-means on ${numbers} of the code of ${title}: ${k} clusters, the largest first; no label is used. ` +
    `scikit-learn: ${clusters?.method}(${k}, random_state=${clusters?.seed}).`
  )
}
