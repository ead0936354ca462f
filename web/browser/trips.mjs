// Trips through the desk in Chromium. Standard input has {url, film, picture, request, other,
// lines, unsigned, password, folder}; each trip prints one line, "ok NAME" or "not ok NAME: why".
import { chromium } from 'playwright-core';
import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync } from 'node:fs';

const given = JSON.parse(readFileSync(0, 'utf8'));
const browser = await chromium.launch({ executablePath: given.chromium,
  args: ['--no-sandbox', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${given.film}`] });
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 800 } };
let failed = 0;

function expect(condition, why) {
  if (!condition) throw new Error(why);
}

// trip makes a trip in a browser of its own. Whatever a script says on the console fails it.
async function trip(name, options, go) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => { if (message.type() === 'error' && !/40[0-9]|429/.test(message.text())) said.push(message.text()); });
  page.on('pageerror', (error) => said.push(String(error)));
  page.setDefaultTimeout(60_000);
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
    await page.evaluate(() => { document.getElementById('scan').addEventListener('click', () => { window.began = performance.now(); }); });
    const began = Date.now();
    await page.click('#scan');
    await page.waitForURL('**/look*');
    console.log(`# read ${Date.now() - began} ms after the camera was asked for`);
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

await trip('text of 200 percent', { viewport: { width: 320, height: 700 } }, async (page, shot) => {
  await page.goto(`${given.url}/?lang=de`);
  await page.addStyleTag({ content: '' }).catch(() => {});
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  await shot('start');
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
    const other = await browser.newContext({ ...desktop, colorScheme });
    const desk = await other.newPage();
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
    await other.close();
  }
  await page.waitForSelector('.outcome.released', { timeout: 40_000 }); // by itself
  await shot('released');
  expect(/released/i.test(await heading(page)), await heading(page));
});

await browser.close();
process.exitCode = failed ? 1 : 0;
