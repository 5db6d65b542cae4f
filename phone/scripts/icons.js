// @ts-check
// The drawings of the app: lines on a field of 24 by 24.

import { drawing } from "./element.js";

const PATHS = {
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  history: "M12 7v5l3.5 2M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5",
  residents: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20c.6-4 3.4-5.5 7-5.5s6.4 1.5 7 5.5z",
  guests: "M8 14a4 4 0 1 1 3.9-5H20v3h-2v3h-3v-3h-3.1A4 4 0 0 1 8 14zM8 10h.01",
  settings: "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h7M15 17h5M13 15v4",
  door: "M6 20V4h12v16M4 20h16M14.5 12h.01",
  phone: "M8 3h8v18H8zM11 18h2",
  camera: "M4 8h3.5L9 6h6l1.5 2H20v11H4zM12 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6L6 18",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
  moon: "M19 14.5A7.5 7.5 0 1 1 9.5 5a6 6 0 0 0 9.5 9.5z",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  share: "M12 15V4M8 7.5L12 4l4 3.5M6 12v8h12v-8",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  open: "M5 20V4h9v16zM14 6l5 1.5v11L14 20M11 12h.01M3 20h18",
};

/** @param {keyof typeof PATHS} name @param {string} [look] */
export function icon(name, look = "icon") {
  return drawing(PATHS[name], { look });
}
