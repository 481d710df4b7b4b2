/** What may be laid over the maps, a line each: "Show" has a button for each, in the order of these names. */
export { DENSITY as density } from "./density.js"
export { OFF_DATA as off } from "./off_data.js"
export { STRETCH as stretch } from "./stretch.js"
export { ROUND_TRIPS as trips } from "./round_trips.js"
