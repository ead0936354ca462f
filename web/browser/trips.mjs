// Trips through the desk in Chromium. Standard input has {url, film, picture, request, other,
// lines, unsigned, password, folder}; each trip prints one line, "ok NAME" or "not ok NAME: why".
// HANDBACK_TRIPS is a regular expression for the names of those to make; empty: all.
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync, writeFileSync } from 'node:fs';

const given = JSON.parse(readFileSync(0, 'utf8'));
const only = new RegExp(process.env.HANDBACK_TRIPS ?? '');
const long = 120_000; // milliseconds that a busy machine may take for a page
const launch = (film, args = ['--use-fake-ui-for-media-stream']) => chromium.launch({ executablePath: given.chromium, timeout: long,
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`, ...args] });
const browser = await launch(given.film);
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 800 } };
let failed = 0;

function expect(condition, why) {
  if (!condition) throw new Error(why);
}

// trip makes a trip in a browser of its own. Whatever a script says on the console fails it.
async function trip(name, options, go) {
  if (!only.test(name)) return;
  const own = options.launch ? await options.launch() : null;
  const context = await (own ?? browser).newContext(options);
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => { if (message.type() === 'error' && !/40[0-9]|429/.test(message.text())) said.push(message.text()); });
  page.on('pageerror', (error) => said.push(String(error)));
  page.setDefaultTimeout(long);
  page.setDefaultNavigationTimeout(long);
  const shot = async (what) => {
    await page.screenshot({ path: `${given.folder}/${name.replaceAll(' ', '-')}-${what}.png`, fullPage: true });
    const results = await new AxeBuilder({ page }).analyze();
    expect(!results.violations.length, `${what}: ${results.violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target).join(' ')}`).join('; ')}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide <= 0, `${what}: the page is ${wide} pixels too wide`);
  };
  try {
    await go(page, shot, context);
    expect(!said.length, said.join('; '));
    console.log(`ok ${name}`);
  } catch (error) {
    failed++;
    await page.screenshot({ path: `${given.folder}/failed.png`, fullPage: true }).catch(() => {});
    console.log(`not ok ${name}: ${String(error.message).split('\n').slice(0, 6).join(' ')}`);
  } finally {
    await context.close();
    if (own) await own.close();
  }
}

const heading = (page) => page.locator('.outcome h2').first().textContent();

async function release(page, shot) {
  await page.waitForURL('**/look*');
  await shot('look');
  await page.click('button.main');
  await page.waitForURL('**/requests*');
  await shot('outcome');
  expect(/released/i.test(await heading(page)), await heading(page));
}

for (const [size, options] of Object.entries({ phone, desktop })) {
  await trip(`the camera, on a ${size}`, { ...options, permissions: ['camera'], colorScheme: size === 'phone' ? 'light' : 'dark' }, async (page, shot) => {
    await page.goto(given.url);
    await shot('start');
    const [asked, seen, read] = ['click', 'playing', 'vibrate'].map((what) => page.waitForEvent('console', (said) => said.text() === what).then(() => Date.now()));
    await page.evaluate(() => {
      navigator.vibrate = () => console.log('vibrate');
      document.getElementById('scan').addEventListener('click', () => console.log('click'));
      document.getElementById('video').addEventListener('playing', () => console.log('playing'));
    });
    await page.click('#scan');
    await page.waitForURL('**/look*');
    console.log(`# the camera's picture ${await seen - await asked} ms after it was asked for, a code read ${await read - await seen} ms later, its page ${Date.now() - await read} ms later`);
    await release(page, shot);
  });
}

await trip('frames a second', { ...phone, permissions: ['camera'] }, async (page) => {
  await page.route('**/api/v1/requests**', (route) => route.fulfill({ json: { results: [] } })); // it goes on looking
  await page.goto(given.url);
  await page.click('#scan');
  await page.waitForFunction(() => Number(document.body.dataset.frames) >= 1);
  const frames = () => page.evaluate(() => Number(document.body.dataset.frames));
  const [before, began] = [await frames(), Date.now()];
  await page.waitForTimeout(4000);
  console.log(`# ${((await frames()) - before) / ((Date.now() - began) / 1000)} frames a second`);
});

const camera = { ...phone, permissions: ['camera'] };
const spoken = (page, text) => page.waitForFunction((wanted) => new RegExp(wanted).test(document.getElementById('said').textContent), text);

await trip('a request in two parts, by camera', { ...camera, launch: () => launch(given.parts) }, async (page, shot) => {
  await page.goto(given.url);
  await page.click('#scan');
  await spoken(page, 'Of 2 parts, these are missing: [12]');
  await shot('missing');
  await release(page, shot);
});

await trip('a link of the first part, and the second by camera', { ...camera, launch: () => launch(given.parts) }, async (page, shot) => {
  await page.goto(`${given.url}/#${given.first}`);
  await page.waitForURL('**/look*');
  await shot('missing');
  await page.click('#scan');
  await page.waitForSelector('article.request .check');
  await release(page, shot);
});

await trip('two requests in one picture, by camera', { ...camera, launch: () => launch(given.several) }, async (page, shot) => {
  await page.goto(given.url);
  await page.click('#scan');
  await page.waitForURL('**/look*');
  await shot('look');
  expect(await page.locator('article.request').count() === 2, `${await page.locator('article.request').count()} requests`);
});

await trip('a web address, then a request, by camera', { ...camera, launch: () => launch(given.foreign) }, async (page, shot) => {
  await page.goto(given.url);
  await page.click('#scan');
  await spoken(page, 'This code is no request');
  await page.waitForURL('**/look*');
  expect(await page.locator('article.request').count() === 1, 'the address was brought along');
  await release(page, shot);
});

await trip('a request beside a web address, by camera', { ...camera, launch: () => launch(given.beside) }, async (page, shot) => {
  await page.goto(given.url);
  await page.click('#scan');
  await release(page, shot);
});

await trip('the camera is refused', { ...phone, launch: () => launch(given.film, ['--deny-permission-prompts']) }, async (page, shot) => {
  await page.goto(given.url);
  await page.click('#scan');
  await spoken(page, 'not allowed');
  await shot('said');
});

await trip('a link', phone, async (page, shot) => {
  const seen = [];
  page.on('request', (request) => seen.push(request.url()));
  await page.goto(`${given.url}/#${given.link}`);
  await release(page, shot);
  expect(!seen.some((url) => url.includes(given.link.slice(0, 20))), 'the request is in an address that was sent');
});

await trip('a photograph stays on the phone', phone, async (page, shot) => {
  const bodies = [];
  page.on('request', (request) => bodies.push(request.postDataBuffer() ?? Buffer.alloc(0)));
  await page.goto(given.url);
  await page.setInputFiles('#file', given.picture);
  await page.click('#read');
  await release(page, shot);
  expect(bodies.every((body) => !body.includes('PNG') && !body.includes('JFIF')), 'the picture was sent');
});

await trip('a photograph without a code', phone, async (page, shot) => {
  await page.goto(given.url);
  await page.setInputFiles('#file', given.empty);
  await page.click('#read');
  await page.waitForFunction(() => /No code/.test(document.getElementById('said').textContent));
  await shot('none');
});

await trip('pasted text', desktop, async (page, shot) => {
  await page.goto(given.url);
  await page.fill('#request', given.pasted);
  await page.click('#read');
  await release(page, shot);
  const file = await page.getAttribute('.receipt a[download]', 'href');
  writeFileSync(`${given.folder}/receipt.txt`, Buffer.from(file.split(',')[1], 'base64'));
  writeFileSync(`${given.folder}/receipt-lines.txt`, await page.textContent('.receipt pre'));
  await page.locator('.receipt .code').screenshot({ path: `${given.folder}/receipt.png` });
  await page.pdf({ path: `${given.folder}/outcome.pdf`, format: 'A4' });
});

await trip('typed lines, by keyboard alone', { ...desktop, colorScheme: 'dark' }, async (page, shot) => {
  await page.goto(given.url);
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.id) === 'request') break;
  }
  await page.keyboard.insertText(given.lines);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/look*');
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.matches('main button.main'))) break;
  }
  await page.keyboard.press('Enter');
  await page.waitForURL('**/requests*');
  await shot('outcome');
  expect(/released/i.test(await heading(page)), await heading(page));
});

await trip('without scripts', { ...phone, javaScriptEnabled: false }, async (page) => {
  await page.goto(given.url);
  expect(!(await page.isVisible('#scan')), 'a button that does nothing');
  await page.setInputFiles('#file', given.picture2);
  await page.click('#read');
  await page.waitForURL('**/look*');
  await page.click('button.main');
  expect(/released/i.test(await heading(page)), await heading(page));
});

for (const lang of ['de', 'ja']) {
  await trip(`text of 200 percent, ${lang}`, { viewport: { width: 320, height: 700 }, colorScheme: lang === 'ja' ? 'dark' : 'light' }, async (page, shot) => {
    const enlarge = () => page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    await page.goto(`${given.url}/?lang=${lang}`);
    await enlarge();
    await shot('start');
    await page.fill('#request', given.pasted);
    await page.click('#read');
    await page.waitForURL('**/look*');
    await enlarge();
    await shot('look');
    await page.click('button.main');
    await page.waitForURL('**/requests*');
    await enlarge();
    await shot('outcome');
    await page.goto(`${given.url}/desk/login?lang=${lang}`);
    await page.fill('#name', 'root');
    await page.fill('#password', given.password);
    await page.click('button.main');
    await page.waitForURL('**/desk*');
    for (const path of ['', '/history', '/people', '/profiles', '/actions']) {
      await page.goto(`${given.url}/desk${path}?lang=${lang}`);
      await enlarge();
      await shot(`desk${path.replace('/', '-')}`);
    }
  });
}

await trip('a typing error, corrected in another language', phone, async (page, shot) => {
  await page.goto(given.url);
  await page.fill('#request', `${given.pasted}x`);
  await page.click('#read');
  await page.waitForURL('**/look*');
  await page.click('footer button[lang="fr"]');
  await page.waitForURL('**/look?lang=fr');
  await shot('corrected');
  expect(await page.inputValue('#request') === `${given.pasted}x`, 'the text has to be typed again');
  await page.fill('#request', given.pasted);
  await page.click('#read');
  await page.waitForURL('**/look?lang=fr');
  await page.click('footer button[lang="de"]');
  await page.waitForURL('**/look?lang=de');
  await shot('read');
  await page.click('main button.main');
  await page.waitForURL('**/requests?lang=de');
});

await trip('an unsigned request, confirmed by the desk', phone, async (page, shot, context) => {
  await page.goto(given.url);
  await page.fill('#request', given.unsigned);
  await page.click('#read');
  await page.waitForURL('**/look*');
  await shot('look');
  await page.click('button.main');
  await page.waitForURL('**/requests/**');
  await shot('waits');
  expect(/waiting/.test(await heading(page)), await heading(page));
  for (const colorScheme of ['light', 'dark']) {
    const other = await browser.newContext({ ...(colorScheme === 'dark' ? phone : desktop), colorScheme });
    const desk = await other.newPage();
    desk.setDefaultTimeout(long);
    const look = async (what) => {
      await desk.screenshot({ path: `${given.folder}/desk-${colorScheme}-${what}.png`, fullPage: true });
      const results = await new AxeBuilder({ page: desk }).analyze();
      expect(!results.violations.length, `${what}: ${results.violations.map((v) => `${v.id} ${v.nodes.map((n) => n.target).join(' ')}`).join('; ')}`);
    };
    await desk.goto(`${given.url}/desk`);
    await look('login');
    await desk.fill('#name', 'root');
    await desk.fill('#password', given.password);
    await desk.click('button.main');
    await desk.waitForURL('**/desk');
    await look('waiting');
    if (colorScheme === 'light') {
      await desk.click('tbody a');
      await look('one');
      await desk.click('button.main');
      await desk.waitForSelector('.outcome');
      await look('confirmed');
    }
    for (const path of ['history', 'actions', 'people', 'profiles']) {
      await desk.goto(`${given.url}/desk/${path}`);
      await look(path);
    }
    await desk.goto(`${given.url}/desk/history`);
    await desk.click('tbody a');
    await look('record');
    await desk.goto(`${given.url}/desk/people`);
    await desk.click('tbody button');
    await look('remove');
    await desk.goto(`${given.url}/desk/people`);
    await desk.fill('#name', 'last');
    await desk.click('main form.narrow button');
    await desk.waitForSelector('.bad');
    await look('people-failed');
    expect(await desk.inputValue('#name') === 'last', 'the name has to be typed again');
    await other.close();
  }
  await page.waitForSelector('.outcome.released'); // by itself
  await shot('released');
  expect(/released/i.test(await heading(page)), await heading(page));
});

await trip('a list that waits, and moves nothing', desktop, async (page, shot, context) => {
  await page.goto(`${given.url}/desk/login`);
  await page.fill('#name', 'root');
  await page.fill('#password', given.password);
  await page.click('button.main');
  await page.waitForURL('**/desk');
  const rows = await page.locator('tbody tr').count();
  await page.focus('nav a[aria-current="page"]');
  await context.request.post(`${given.url}/api/v1/requests`, { data: given.late, headers: { 'Content-Type': 'text/plain' } });
  await page.waitForSelector('#news a');
  expect(await page.evaluate(() => document.activeElement.getAttribute('aria-current')) === 'page', 'the focus was moved');
  expect(await page.locator('tbody tr').count() === rows, 'the list was moved');
  await shot('changed');
  await page.click('#news a');
  await page.waitForSelector('tbody a:has-text("C3LW")');
});

await browser.close();
process.exitCode = failed ? 1 : 0;
