// @ts-check
// The sound of a ring, made here: two soft tones. A browser allows it after the first touch.

/** @type {AudioContext|null} */
let speaker = null;

/** Makes sound possible; browsers want to be touched first. */
export function allowSound() {
  speaker ??= "AudioContext" in window ? new AudioContext() : null;
  if (speaker?.state === "suspended") speaker.resume().catch(() => {});
}

/** Two tones, and a shake where there is a motor. */
export function chime() {
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.([200, 100, 200]);
  if (speaker?.state !== "running") return;
  tone(speaker, 659.3, 0);
  tone(speaker, 523.3, 0.45);
}

/** @param {AudioContext} to @param {number} pitch Hertz @param {number} after seconds */
function tone(to, pitch, after) {
  const start = to.currentTime + after;
  const volume = to.createGain();
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.35, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 1.4);
  volume.connect(to.destination);
  for (const [part, loudness] of [[1, 1], [2, 0.3], [3, 0.08]]) {
    const voice = to.createOscillator();
    const share = to.createGain();
    voice.frequency.value = pitch * (part ?? 1);
    share.gain.value = loudness ?? 1;
    voice.connect(share).connect(volume);
    voice.start(start);
    voice.stop(start + 1.5);
  }
}
