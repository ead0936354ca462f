// Fills in the form with what the camera, photographs or the address bring. Pictures are read
// here, so that none leaves the phone; where that is not possible, the form sends them.
const form = document.getElementById('bring');
const field = document.getElementById('request');
const files = document.getElementById('file');
const said = document.getElementById('said');
const video = document.getElementById('video');
const say = (text) => { said.textContent = text; };

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

// scan returns the texts of the codes in a picture.
function scan(message, transfer = []) {
  if (!worker) {
    worker = new Worker('/static/worker.js');
    worker.onmessage = ({ data }) => {
      const { resolve, reject } = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.error) reject(new Error(data.error)); else resolve(data.texts);
    };
    worker.onerror = (event) => {
      for (const { reject } of waiting.values()) reject(new Error(event.message));
      waiting.clear();
    };
  }
  return new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, ...message }, transfer);
  });
}

const texts = new Set();

function add(found) {
  const before = texts.size;
  for (const text of found) texts.add(text);
  return texts.size > before;
}

// complete asks the desk whether what was scanned is a whole request. Nothing is stored.
async function complete() {
  const reply = await fetch('/api/v1/requests?dry_run=true', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: [...texts].join('\n') });
  const answer = await reply.json();
  const first = answer.results && answer.results[0];
  if (first && first.check_code) return true;
  say((first && first.message) || (answer.error && answer.error.message) || '');
  return false;
}

function bring() {
  field.value = [field.value, ...texts].filter(Boolean).join('\n');
  form.submit();
}

// The camera.
const able = 'WebAssembly' in window && 'Worker' in window;
const camera = document.getElementById('camera');
const view = document.getElementById('view');
const button = document.getElementById('scan');
let stream = null;
let frames = 0;

function stop() {
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
  view.hidden = true;
  button.hidden = false;
}

async function watch() {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  while (stream) {
    const { videoWidth: width, videoHeight: height } = video;
    if (width) {
      canvas.width = width;
      canvas.height = height;
      context.drawImage(video, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const found = await scan({ width, height, rgba: data, limit: 400 }, [data.buffer]);
      document.body.dataset.frames = ++frames;
      if (add(found)) {
        if (navigator.vibrate) navigator.vibrate(50);
        if (await complete()) {
          stop();
          bring();
          return;
        }
      }
    }
    await new Promise(requestAnimationFrame);
  }
}

if (able && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
  camera.hidden = false;
  button.addEventListener('click', async () => {
    say('');
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } } });
      video.srcObject = stream;
      button.hidden = true;
      view.hidden = false;
      await video.play();
      await watch();
    } catch {
      stop();
      say(form.dataset.cameraRefused);
    }
  });
  document.getElementById('stop').addEventListener('click', stop);
}

// Photographs are read here, all other files by the desk.
if (able && 'OffscreenCanvas' in window) {
  form.addEventListener('submit', async (event) => {
    const pictures = [...files.files].filter((file) => file.type.startsWith('image/') && file.type !== 'image/svg+xml');
    if (!pictures.length) return;
    event.preventDefault();
    say(form.dataset.reading);
    const others = new DataTransfer();
    let unread = 0;
    for (const file of files.files) {
      if (!pictures.includes(file)) {
        others.items.add(file);
        continue;
      }
      try {
        const found = await scan({ blob: file, limit: 10_000 });
        add(found);
        if (!found.length) unread++;
      } catch {
        others.items.add(file); // a kind that this browser does not show: the desk explains it
      }
    }
    if (unread && !texts.size && !others.items.length && !field.value.trim()) {
      say(form.dataset.none);
      return;
    }
    files.files = others.files;
    bring();
  });
}
