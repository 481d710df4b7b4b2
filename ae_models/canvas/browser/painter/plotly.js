/** Plotly itself: brought in once a page, and asked first whether the browser can draw with it. */

/** @type {Promise<any> | undefined} */
let loading

/** Fetch Plotly and do not run it yet: that takes the browser long, and others wait. @param {string} url */
export function preload(url) {
  if (loading || document.head.querySelector('link[rel="preload"][data-latent-lab]')) return
  const link = document.createElement("link")
  Object.assign(link, { rel: "preload", as: "script", href: url })
  link.dataset.latentLab = "plotly"
  document.head.append(link)
}

/**
 * @param {string} url address of plotly.min.js
 * @returns {Promise<any>} Plotly
 */
export function loadPlotly(url) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.async = true
    script.onload = () => resolve(/** @type {any} */ (window).Plotly)
    script.onerror = () => {
      script.remove()
      loading = undefined // the next attempt starts again
      reject(new Error("plotly.min.js could not be loaded"))
    }
    document.head.append(script)
  })
  return loading
}

/** @type {boolean | undefined} */
let webgl

/** Whether this browser draws with WebGL; the context it takes to know is given back at once. */
export function hasWebGL() {
  if (webgl === undefined) {
    const context = document.createElement("canvas").getContext("webgl")
    webgl = context !== null
    context?.getExtension("WEBGL_lose_context")?.loseContext()
  }
  return webgl
}

/**
 * Take a figure apart and give its WebGL contexts back: a browser has few, and waits long before it frees one.
 * @param {any} Plotly
 * @param {HTMLElement} figure
 */
export function purge(Plotly, figure) {
  const contexts = [...figure.querySelectorAll("canvas")].map(
    (canvas) => /** @type {WebGLRenderingContext | null} */ (canvas.getContext("webgl") ?? canvas.getContext("webgl2")),
  )
  Plotly.purge(figure)
  for (const context of contexts) context?.getExtension("WEBGL_lose_context")?.loseContext()
  figure.replaceChildren()
}
