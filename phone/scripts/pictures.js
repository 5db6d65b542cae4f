// @ts-check
// A photo from camera or file, made small enough to send. Drawing it anew also drops what the
// camera wrote into it: place, time, device.

/** Pixels of the longer side. */
export const LONGEST = 1600;
const QUALITY = 0.9;

/** Why a file cannot be used, as a sentence. */
export class NoPicture extends Error {}

/**
 * The size a picture is drawn in.
 * @param {number} width @param {number} height
 */
export function fitted(width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)) };
}

/**
 * What a file is, by its first bytes; its name may lie.
 * @param {Uint8Array} start at least 12 bytes
 * @returns {"heic"|"picture"|"other"}
 */
export function kindOf(start) {
  const text = String.fromCharCode(...start.slice(0, 12));
  if (text.slice(4, 8) === "ftyp") return /hei[cfmsx]|mif1|hevc/.test(text) ? "heic" : "picture";
  const known = ["\xff\xd8\xff", "\x89PNG", "GIF8", "RIFF", "BM"];
  return known.some((magic) => text.startsWith(magic)) ? "picture" : "other";
}

/**
 * The picture as a JPEG, upright, 1600 pixels at most.
 * @param {File} file
 * @returns {Promise<Blob>}
 * @throws {NoPicture} if it is none, or one that this browser cannot read
 */
export async function jpegOf(file) {
  const kind = kindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (kind === "other") throw new NoPicture("This file is not a photo.");
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" })
    .catch(() => { throw new NoPicture(kind === "heic" ? HEIC : "This photo cannot be read."); });
  try {
    return await drawn(picture);
  } finally {
    picture.close();
  }
}

const HEIC = "This browser cannot read HEIC photos. Take one with the camera here, or choose " +
  "“Most compatible” in the iPhone's camera settings.";

/** @param {ImageBitmap} picture @returns {Promise<Blob>} */
async function drawn(picture) {
  const { width, height } = fitted(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (!pen) throw new NoPicture("This browser cannot draw the photo.");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  return new Promise((resolve, reject) => canvas.toBlob(
    (blob) => blob ? resolve(blob) : reject(new NoPicture("This photo cannot be read.")),
    "image/jpeg", QUALITY));
}
