// The page of the search application; nothing of it comes from elsewhere.
#pragma once
#include <string_view>

namespace search {

inline constexpr std::string_view kPage = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Search</title>
<link rel="icon" href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='7' cy='7' r='5' fill='none' stroke='%230b7a75' stroke-width='2'/><path d='m11 11 4 4' stroke='%230b7a75' stroke-width='2'/></svg>">
<style>
  :root { color-scheme: light dark; --ink: #1c2526; --soft: #5d6b6c; --paper: #fbfbf9; --card: #fff; --line: #dfe3e1; --accent: #0b7a75; --mark: #fff1a8; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6ebea; --soft: #96a3a3; --paper: #14191a; --card: #1c2324; --line: #2e3839; --accent: #4fc3bb; --mark: #5c5212; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
  main { max-width: 46rem; margin: 0 auto; padding: 3rem 1rem 4rem; }
  h1 { font-size: 1.4rem; margin: 0 0 1rem; letter-spacing: -0.01em; }
  label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  input { width: 100%; padding: .8rem 1rem; font: inherit; font-size: 1.1rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
  input:focus { outline: 2px solid var(--accent); outline-offset: 1px; }
  #state { display: flex; justify-content: space-between; gap: 1rem; min-height: 1.6rem; margin: .5rem .2rem 1.2rem; color: var(--soft); font-size: .875rem; }
  #state a { color: inherit; }
  ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .8rem; }
  li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; }
  h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
  .where { display: flex; align-items: center; gap: .6rem; color: var(--soft); font-size: .8rem; margin: .1rem 0 .5rem; }
  .bar { flex: 0 0 4rem; height: .3rem; border-radius: .2rem; background: var(--line); overflow: hidden; }
  .bar i { display: block; height: 100%; background: var(--accent); }
  .text { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 11.5rem; overflow: hidden; font-size: .925rem;
          -webkit-mask-image: linear-gradient(#000 75%, transparent); mask-image: linear-gradient(#000 75%, transparent); }
  li.open .text, .text.short { max-height: none; -webkit-mask-image: none; mask-image: none; }
  li button { font: inherit; font-size: .85rem; color: var(--accent); background: none; border: 0; padding: .3rem 0 0; cursor: pointer; }
  mark { background: var(--mark); color: inherit; border-radius: .15rem; }
  .empty { color: var(--soft); }
  .problem { color: #b3261e; }
  @media (prefers-color-scheme: dark) { .problem { color: #ff8a80; } }
  .try button { font: inherit; color: var(--accent); background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; }
</style>
</head>
<body>
<main>
  <h1>Search</h1>
  <form role="search" autocomplete="off">
    <label for="q">What to look for</label>
    <input id="q" type="search" placeholder="What are you looking for?" autofocus maxlength="1000">
  </form>
  <div id="state"><span id="said" role="status" aria-live="polite"></span><a href="/docs">API</a></div>
  <ol id="hits"></ol>
  <p class="try empty" id="try">Try <button>how do I write a custom gateway?</button>, <button>what happens when an Executor dies</button> or
    <button>health checks</button>.</p>
</main>
<script>
const query = document.getElementById('q'), hits = document.getElementById('hits'), said = document.getElementById('said');
let running = null, timer = 0;

const say = (text, problem) => { said.textContent = text; said.className = problem ? 'problem' : ''; };
const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

/* The words of the query, marked where they begin a word of the text. Text nodes only: what is found is never read as HTML. */
function marked(text, words) {
  const part = document.createDocumentFragment();
  if (!words.length) { part.append(text); return part; }
  const any = new RegExp('(?<![\\p{L}\\p{N}])(' + words.map(w => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|') + ')', 'giu');
  let at = 0;
  for (const found of text.matchAll(any)) {
    part.append(text.slice(at, found.index), element('mark', '', found[0]));
    at = found.index + found[0].length;
  }
  part.append(text.slice(at));
  return part;
}

function shown(hit, words) {
  const item = element('li'), where = element('div', 'where'), bar = element('span', 'bar'), fill = element('i');
  const body = element('p', 'text');
  fill.style.width = Math.max(0, Math.min(100, hit.score * 100)) + '%';
  bar.title = 'cosine ' + hit.score.toFixed(3);
  bar.append(fill);
  where.append(bar, hit.source);
  const heading = element('h2');
  heading.append(marked(hit.section || hit.title, words));
  body.append(marked(hit.text.startsWith(hit.section) ? hit.text.slice(hit.section.length).trim() : hit.text, words));
  item.append(heading, where, body);
  return item;
}

async function search() {
  const text = query.value.trim();
  if (running) running.abort();
  document.getElementById('try').hidden = text !== '';
  history.replaceState(null, '', text ? '?q=' + encodeURIComponent(text) : location.pathname);
  if (!text) { hits.replaceChildren(); return count(); }
  const mine = running = new AbortController();
  try {
    const answer = await fetch('/search?q=' + encodeURIComponent(text), {signal: mine.signal});
    const body = await answer.json();
    if (!answer.ok) throw new Error(typeof body.detail === 'string' ? body.detail : 'the answer was ' + answer.status);
    const words = text.split(/[^\p{L}\p{N}_]+/u).filter(word => word.length > 2);
    hits.replaceChildren(...body.hits.map(hit => shown(hit, words)));
    for (const item of hits.children) {
      const body = item.querySelector('.text');
      if (body.scrollHeight <= body.clientHeight + 4) { body.classList.add('short'); continue; }
      const more = element('button', '', 'Show all');
      more.onclick = () => { more.textContent = item.classList.toggle('open') ? 'Show less' : 'Show all'; };
      item.append(more);
    }
    say(body.hits.length ? `${body.hits.length} passages in ${body.took_ms.toFixed(1)} ms` : 'Nothing is indexed yet.');
  } catch (error) {
    if (error.name !== 'AbortError') { hits.replaceChildren(); say('No answer: ' + error.message, true); }
  }
}

async function count() {
  try {
    const index = await (await fetch('/index')).json();
    if (query.value.trim()) return;
    if (index.problem) return say('Not indexed: ' + index.problem, true);
    say(index.indexing ? `Indexing: ${index.documents} passages so far` : `${index.documents} passages`);
    if (index.indexing) setTimeout(count, 500);
  } catch (error) { say('The server does not answer.', true); }
}

query.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 120); });
document.querySelector('form').addEventListener('submit', event => { event.preventDefault(); clearTimeout(timer); search(); });
document.getElementById('try').addEventListener('click', event => {
  if (event.target.tagName === 'BUTTON') { query.value = event.target.textContent; query.focus(); search(); }
});
query.value = new URLSearchParams(location.search).get('q') || '';
query.value ? search() : count();
</script>
</body>
</html>
)html";

}  // namespace search
