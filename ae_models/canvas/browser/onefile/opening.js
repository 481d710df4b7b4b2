/**
 * The first script of a canvas in one file: unpacks the modules that lie in it as text, and starts them. A classic
 * script: what was opened from disk may import no file, but it may import what it makes itself.
 */
;(async () => {
  /** @param {string} words */
  const cannot = (words) => {
    const wait = document.getElementById("ll-wait")
    if (wait) wait.textContent = words
  }

  /** @param {string} name of a part @returns {Promise<ArrayBuffer>} its bytes */
  const read = async (name) => {
    const part = document.querySelector(`script[data-part="${name}"]`)
    if (!part) throw new Error(`this file has no part '${name}'`)
    const letters = atob(part.textContent ?? "")
    const bytes = new Uint8Array(letters.length)
    for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i)
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
  }

  try {
    if (typeof DecompressionStream !== "function" || !HTMLScriptElement.supports?.("importmap"))
      return cannot("This browser is too old for this file: it needs one of 2023 or newer.")
    const page = JSON.parse(document.getElementById("ll-page")?.textContent ?? "")
    const sources = JSON.parse(new TextDecoder().decode(await read("modules")))
    const addresses = Object.entries(sources).map(([name, source]) => [
      `ll/${name}`,
      URL.createObjectURL(new Blob([source], { type: "text/javascript" })),
    ])
    const map = document.createElement("script")
    map.type = "importmap"
    map.textContent = JSON.stringify({ imports: Object.fromEntries(addresses) })
    document.head.append(map)
    const name = "ll/onefile/onefile.js"
    const { start } = await import(name)
    await start(page, read)
  } catch (error) {
    console.error(error)
    cannot(`This file could not be opened: ${error instanceof Error ? error.message : error}`)
  }
})()
