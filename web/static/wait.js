// Asks now and then whether something has changed on a page that waits. A list says so in one
// line, which a screen reader reads aloud, and nothing moves under the reader's fingers; an
// outcome that was waited for takes the place of "waiting". Without scripts the page loads
// itself again.
const news = document.getElementById('news');
const pause = 15_000; // milliseconds

async function ask() {
  if (document.hidden) return;
  let page;
  try {
    const reply = await fetch(location.href);
    if (!reply.ok) return;
    page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  } catch {
    return; // it is asked again
  }
  const now = page.getElementById('news');
  if (!now || now.dataset.state === news.dataset.state) return;
  const hint = news.querySelector('[hidden]');
  const outcome = page.querySelector('article.outcome');
  if (hint) {
    hint.hidden = false;
  } else if (outcome) {
    document.querySelector('article.outcome').replaceWith(outcome);
    news.textContent = outcome.querySelector('h2').textContent;
  }
  clearInterval(asking);
  document.removeEventListener('visibilitychange', ask);
}

const asking = setInterval(ask, pause);
document.addEventListener('visibilitychange', ask);
