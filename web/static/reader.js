// Fills in the form with what the camera, photographs or the address bring. Pictures are read
// here, so that none leaves the phone; where that is not possible, the form sends them.
const form = document.getElementById('bring');
const field = document.getElementById('request');
const files = document.getElementById('file');
const said = document.getElementById('said');
const video = document.getElementById('video');
const says = form.dataset;

function say(text) {
  if (said.textContent !== text) said.textContent = text; // the same again would be read aloud again
}

// A link's request is in its fragment, which the browser did not send.
function arrive() {
  if (location.hash.length > 1) {
    field.value = location.href;
    history.replaceState(null, '', location.pathname + location.search);
    form.submit();
  }
}
addEventListener('hashchange', arrive);
arrive();

let worker;
const waiting = new Map();
let last = 0;

// start loads the reader, which is large: only for those who use it.
function start() {
  if (worker) return;
  worker = new Worker(new URL('worker.js', import.meta.url));
  worker.onmessage = ({ data }) => {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) reject(new Error(data.error)); else resolve(data.texts);
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message));
    waiting.clear();
    worker = null; // the desk may have another version by now
  };
}

// scan returns the texts of the codes in a picture.
function scan(message, transfer = []) {
  start();
  return new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, ...message }, transfer);
  });
}

function bring(texts) {
  for (const one of before) one.remove(); // they are among the texts
  field.value = [field.value, ...texts].filter(Boolean).join('\n');
  form.submit();
}

// The camera.
const able = 'WebAssembly' in window && 'Worker' in window;
const camera = document.getElementById('camera');
const view = document.getElementById('view');
const button = document.getElementById('scan');
const longest = 1280; // side of the pictures that are read, in pixels
const thoroughly = 1500; // milliseconds between pictures that are read thoroughly
let stream = null;
let frames = 0;
const known = new Set(); // the texts of all codes that were seen
const before = form.querySelectorAll('input[name="request"]'); // parts that were brought before
let good = [...before].map((one) => one.value); // the texts of requests
let whole = false; // whether none of them lacks a part

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?。！？]$/.test(text) ? '' : says.stop);

// weigh asks the desk what a code is, together with those before. Nothing is stored.
async function weigh(text) {
  const texts = [...good, text];
  let results;
  try {
    const reply = await fetch(`/api/v1/requests?dry_run=true&lang=${document.documentElement.lang}`, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: texts.join('\n') });
    const answer = await reply.json();
    if (answer.error) {
      say(`${sentence(answer.error.message)} ${answer.error.advice ?? ''}`);
      if (reply.status === 429 || reply.status >= 500) await later(text);
      return;
    }
    results = answer.results;
  } catch {
    say(says.offline);
    await later(text);
    return;
  }
  if (!results.length || results.some((one) => !one.check_code && !one.parts)) {
    say(says.foreign);
    return;
  }
  good = texts;
  const part = results.find((one) => one.parts);
  whole = !part;
  if (part) say(`${sentence(part.message)} ${says.more}`);
}

// later lets a code be weighed once more.
async function later(text) {
  known.delete(text);
  await new Promise((resolve) => { setTimeout(resolve, 1000); });
}

function stop() {
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
  view.hidden = true;
  button.hidden = false;
}

async function weighAll(found) {
  document.body.dataset.frames = ++frames;
  for (const text of found) {
    if (known.has(text)) continue;
    known.add(text);
    if (navigator.vibrate) navigator.vibrate(50);
    await weigh(text);
  }
}

// watch reads what the camera sees: each picture quickly, one now and then thoroughly, and one
// more when all requests are whole, for a code beside another. While one is read, the next is
// taken.
async function watch() {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  let reading = Promise.resolve([]);
  let thorough = performance.now();
  let last = false; // whether the picture that is being read is the last
  while (stream) {
    await new Promise(requestAnimationFrame);
    const scale = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight, 1));
    const width = Math.round(video.videoWidth * scale), height = Math.round(video.videoHeight * scale);
    if (!width || !height) continue;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    await weighAll(await reading);
    if (!stream) return;
    if (whole && last) {
      stop();
      bring(good);
      return;
    }
    last = whole;
    const quick = !whole && performance.now() - thorough < thoroughly;
    if (!quick) thorough = performance.now();
    reading = scan({ width, height, rgba: data, quick, limit: 400 }, [data.buffer]);
  }
}

if (able && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
  camera.hidden = false;
  button.addEventListener('click', async () => {
    start();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } } });
      video.srcObject = stream;
      button.hidden = true;
      view.hidden = false;
      await video.play();
    } catch (error) {
      stop();
      say(error.name === 'NotAllowedError' ? says.cameraDenied : says.cameraRefused);
      return;
    }
    say(says.aim);
    try {
      await watch();
    } catch {
      stop();
      say(says.unable);
    }
  });
  document.getElementById('stop').addEventListener('click', () => { stop(); say(''); button.focus(); });
}

// Photographs are read here, all other files by the desk.
if (able && 'OffscreenCanvas' in window) {
  files.addEventListener('change', start);
  form.addEventListener('submit', async (event) => {
    const pictures = [...files.files].filter((file) => file.type.startsWith('image/') && file.type !== 'image/svg+xml');
    if (!pictures.length) return;
    event.preventDefault();
    say(says.reading);
    const others = new DataTransfer();
    const texts = new Set(good);
    for (const file of files.files) {
      if (!pictures.includes(file)) {
        others.items.add(file);
        continue;
      }
      try {
        for (const text of await scan({ blob: file, limit: 10_000 })) texts.add(text);
      } catch {
        others.items.add(file); // a kind that this browser does not show: the desk explains it
      }
    }
    if (!texts.size && !others.items.length && !field.value.trim()) {
      say(says.none);
      return;
    }
    files.files = others.files;
    bring(texts);
  });
}
