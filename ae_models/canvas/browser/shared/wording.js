/** What the data are called: a sentence is written for images; Python says which words of it change for rows of numbers. */

/** @type {Map<string, string>} one data set a page */
let pairs = new Map()
/** @type {RegExp | null} */
let any = null

/** Speak of this data from now on; returns whether that is another way of speaking than before. @param {[string, string][]} words */
export function speakOf(words) {
  const other = JSON.stringify(words) !== JSON.stringify([...pairs])
  pairs = new Map(words)
  any = words.length ? new RegExp(`\\b(${words.map(([word]) => word).join("|")})\\b`, "gi") : null
  return other
}

/** A sentence about images as it holds for the data. @param {string} text */
export function said(text) {
  if (!any) return text
  return text.replace(any, (found) => {
    const word = pairs.get(found.toLowerCase()) ?? found
    return found[0] === found[0].toLowerCase() ? word : word[0].toUpperCase() + word.slice(1)
  })
}
