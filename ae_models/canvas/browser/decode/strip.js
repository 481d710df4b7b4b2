/** The strip: an original, its code as sliders, what each decoder draws, the nearest real image, on or off the data. */
import { Frame } from "./frame.js"
import { coded } from "./decode_view.js"
import { element, write } from "../shared/text.js"
import { say } from "../shared/sentences.js"

/** @import {DecodeContext, LoadedSheet, DecodedPoint, Verdict} from "../shared/browsertypes.js" */
/** @import {CanvasPayload, CodeSpace} from "../shared/types.js" */

/** @type {Record<Verdict, [string, string]>} */
const VERDICTS = { on: ["on the data", "good"], gap: ["in a gap", ""], off: ["off the data", "warn"] }

export class Strip {
  /** @param {import("./sliders.js").Sliders} sliders */
  constructor(sliders) {
    this.root = element("section", "ll-strip")
    this.root.setAttribute("aria-label", "What is drawn")
    this.original = new Frame()
    this.sees = new Frame()
    this.closest = new Frame()
    /** @type {Map<string, Frame>} */
    this.frames = new Map()
    this.left = element("div", "ll-cell ll-cell-original")
    this.middle = element("div", "ll-cell ll-cell-sliders")
    this.right = element("div", "ll-cell ll-cell-drawn")
    this.badge = element("span", "ll-badge")
    this.badge.tabIndex = 0
    this.tip = element("span", "ll-tip ll-tip-end")
    this.tip.id = "ll-tip-badge"
    this.tip.setAttribute("role", "tooltip")
    this.badge.setAttribute("aria-describedby", this.tip.id)
    this.verdict = element("div", "ll-verdict")
    this.verdict.append(this.badge, this.tip)
    this.left.append(this.original.root, this.sees.root)
    this.middle.append(arrow(), sliders.root, arrow())
    this.root.append(this.left, this.middle, this.right, this.verdict)
    this.root.dataset.ready = "false"
    this.key = ""
  }

  /** @param {CanvasPayload} data */
  set({ spaces, images }) {
    const key = spaces.map(({ key, title }) => `${key} ${title}`).join()
    if (key !== this.key) {
      this.key = key
      this.frames = new Map(spaces.map((space) => [space.key, new Frame()]))
      this.right.replaceChildren(...[...this.frames.values(), this.closest].map(({ root }) => root))
    }
    this.sees.root.hidden = images.length < 2
    this.root.dataset.sees = String(images.length > 1)
  }

  /**
   * Both pictures, in one go.
   * @param {DecodeContext} ground
   * @param {Map<string, Float32Array>} drawn
   */
  paint(ground, drawn) {
    for (const [key, values] of drawn) this.frames.get(key)?.paint(values, 0, coded(ground, key).space.shape, 1, ground.dark)
  }

  /**
   * @param {DecodedPoint} moment
   * @param {DecodeContext} ground
   * @param {Map<string, number | null>} errors squared error of each decoder's picture of an image
   * @param {{row: number, text: string, tip: string}} nearest
   */
  say(moment, ground, errors, nearest) {
    const { sheets, data, dark, name } = ground
    const show = (/** @type {Frame} */ frame, /** @type {LoadedSheet} */ sheet, /** @type {number} */ row) => {
      const size = sheet.shape[0] * sheet.shape[1] * sheet.shape[2]
      frame.paint(sheet.bytes, row * size, sheet.shape, sheet.levels, dark)
    }
    show(this.original, sheets[0], moment.row)
    this.original.say({
      title: sheets[0].title,
      note: `${data.noun} ${name(moment.row)}`,
      tip: moment.kind === "point" ? say("The {sample} that is pinned on the maps.") : say("The {sample} that is looked at."),
    })
    if (sheets[1]) {
      const [title, what] = sheets[1].title.split(": ")
      show(this.sees, sheets[1], moment.row)
      this.sees.say({ title, note: what ?? "", tip: "What the autoencoder gets; it should answer the original." })
    }
    for (const [key, frame] of this.frames) {
      const { space } = coded(ground, key)
      frame.say({ title: `${space.title} draws`, note: note(moment, key, errors.get(key), ground), tip: data.error_tip })
      frame.root.dataset.far = key === moment.space || moment.kind !== "point" ? "" : moment.verdict
    }
    show(this.closest, ground.plain, nearest.row)
    this.closest.say({ title: say("Nearest real {sample}"), note: nearest.text, tip: nearest.tip })
    this.#judge(moment, coded(ground, moment.space).space)
    this.root.dataset.ready = "true"
  }

  /** @param {DecodedPoint} moment @param {CodeSpace} space */
  #judge({ verdict, distance, kind }, { support: [k, near, far], title }) {
    const [text, mark] = VERDICTS[verdict]
    write(this.badge, text)
    this.badge.dataset.mark = mark
    if (distance === null || near === null || far === null) return write(this.tip, "")
    write(
      this.tip,
      say(`${kind === "image" ? "A real {sample} is on the data. " : ""}In {title}’s code, the ${k}th nearest {sample} is ${distance.toFixed(2)} away. On the data: up to ${near.toFixed(2)}, ` +
        `as for 95 % of the held-out {samples}. In a gap: up to ${far.toFixed(2)}, as for 99.5 %. Distances between ` +
        "codes, not {parts}: {parts} would reward blur. Of errors they say nothing.", { title }),
    )
  }
}

/** @param {DecodedPoint} moment @param {string} key @param {number | null | undefined} error @param {DecodeContext} ground */
function note({ kind, draws, row }, key, error, { ids }) {
  const whose = draws.get(key)?.row ?? null
  const off = error === null || error === undefined ? "" : `error ${error.toFixed(1)}`
  if (kind === "image") return off
  if (kind === "neighbour") return [`redraws #${ids[row]}`, off].filter(Boolean).join(", ")
  if (whose === null) return say("from this point, of no {sample}")
  return [say(`the nearest {sample}, #${ids[whose]}`), off].filter(Boolean).join(", ")
}

function arrow() {
  const made = element("span", "ll-arrow", "→")
  made.setAttribute("aria-hidden", "true")
  return made
}
