/** Plotly itself, for charts with axes: brought in once a page. */

/** @type {Promise<any> | undefined} */
let loading

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
