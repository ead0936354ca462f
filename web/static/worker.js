// Finds codes in pictures, off the page's thread. It takes {id, width, height, rgba, quick,
// limit} or {id, blob, limit}, and answers {id, texts}, or {id, error} if the picture cannot
// be shown.
importScripts('wasm_exec.js');

const go = new Go();
const ready = WebAssembly.instantiateStreaming(fetch('reader.wasm'), go.importObject).then(({ instance }) => { go.run(instance); });

// What a phone takes is far larger than a code needs.
const mostPixels = 16_000_000;

async function pixelsOf(blob) {
  const picture = await createImageBitmap(blob);
  const scale = Math.min(1, Math.sqrt(mostPixels / (picture.width * picture.height)));
  const width = Math.round(picture.width * scale), height = Math.round(picture.height * scale);
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return { width, height, rgba: context.getImageData(0, 0, width, height).data };
}

let gray = new Uint8Array(0); // is used again by the next picture of its size

function grayOf(rgba) {
  if (gray.length !== rgba.length / 4) gray = new Uint8Array(rgba.length / 4);
  for (let i = 0, j = 0; i < gray.length; i++, j += 4) {
    gray[i] = (rgba[j] * 77 + rgba[j + 1] * 150 + rgba[j + 2] * 29) >> 8;
  }
  return gray;
}

onmessage = async ({ data }) => {
  try {
    await ready;
    const { width, height, rgba } = data.blob ? await pixelsOf(data.blob) : data;
    const look = data.quick ? handbackGlance : handbackScan;
    postMessage({ id: data.id, texts: look(grayOf(rgba), width, height, data.limit) });
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
};
