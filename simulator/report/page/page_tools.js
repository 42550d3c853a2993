// Buttons that export tables as Markdown and charts as PNG. Works for pages opened as files.
const pageTools = (() => {
'use strict';

// --- tables as Markdown ---

function textOf(cell) {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll('a, button, [aria-hidden]').forEach((each) => each.remove());
  copy.querySelectorAll('br').forEach((each) => each.replaceWith(' '));
  return copy.textContent.replace(/\s+/g, ' ').trim().replaceAll('|', '\\|');
}

function markdownOf(table) {
  const rows = [...table.rows].map((row) => [...row.cells].map(textOf));
  if (!table.tHead) rows.unshift(rows[0].map((_, i) => (i === 0 ? 'metric' : 'value')));
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = rows[0].map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(rows[0]), line(rule), ...rows.slice(1).map(line)].join('\n');
}

// The visible tables between a heading and the next heading of its rank; folded ones are left out.
function sectionOf(heading) {
  const parts = [];
  for (let at = heading.nextElementSibling; at && at.tagName !== 'H2'; at = at.nextElementSibling) {
    if (at.tagName === 'H3') parts.push(`**${textOf(at)}**`);
    if (at.tagName === 'TABLE' && at.rows.length) parts.push(markdownOf(at));
  }
  return `${parts.join('\n\n')}\n`;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.body.appendChild(document.createElement('textarea'));
    area.value = text;
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

function button(place, text, act) {
  const added = document.createElement('button');
  added.type = 'button';
  added.className = 'tool';
  added.textContent = text;
  added.addEventListener('click', () => act(added));
  place.append(' ', added);
}

function addCopyButtons() {
  for (const heading of document.querySelectorAll('h2[data-copy]')) {
    if (heading.querySelector('.tool')) continue;
    button(heading, 'Copy as Markdown', async (pressed) => {
      const done = await copy(sectionOf(heading));
      pressed.textContent = done ? 'Copied' : 'Not copied: the browser refused';
      setTimeout(() => { pressed.textContent = 'Copy as Markdown'; }, 2000);
    });
  }
}

// --- charts as PNG ---

const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-size', 'font-weight', 'font-family', 'opacity'];
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function download(canvas, title) {
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = `${title.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-')}.png`;
  link.click();
}

// A canvas with a title above a picture of this size, in CSS pixels; `draw` draws the picture.
function framed(title, width, height, ratio, draw) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round((height + 30) * ratio);
  const ctx = canvas.getContext('2d');
  ctx.scale(ratio, ratio);
  ctx.fillStyle = css('--paper');
  ctx.fillRect(0, 0, width, height + 30);
  ctx.fillStyle = css('--ink');
  ctx.font = '600 15px system-ui, sans-serif';
  ctx.fillText(title, 8, 20);
  ctx.translate(0, 30);
  draw(ctx);
  return canvas;
}

// `lines`: {label, stroke, dash} of the legend.
function saveChart(title, chart, lines) {
  const ratio = devicePixelRatio || 1;
  const width = chart.width / ratio;
  const height = chart.height / ratio;
  download(framed(title, width, height + 24, ratio, (ctx) => {
    ctx.drawImage(chart, 0, 0, width, height);
    ctx.font = '13px system-ui, sans-serif';
    let x = 8;
    for (const { label, stroke, dash } of lines) {
      ctx.strokeStyle = stroke;
      ctx.lineWidth = 2;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(x, height + 10);
      ctx.lineTo(x + 36, height + 10);
      ctx.stroke();
      ctx.fillStyle = css('--ink');
      ctx.fillText(label, x + 42, height + 14);
      x += ctx.measureText(label).width + 66;
    }
  }), title);
}

function saveDrawing(title, svg) {
  const box = svg.getBoundingClientRect();
  const copied = svg.cloneNode(true);
  const from = svg.querySelectorAll('*');
  copied.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of STYLES) element.style.setProperty(name, style.getPropertyValue(name));
  });
  copied.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copied.setAttribute('width', box.width);
  copied.setAttribute('height', box.height);
  const image = new Image();
  image.onload = () => download(framed(title, box.width, box.height, 2, (ctx) => {
    ctx.drawImage(image, 0, 0, box.width, box.height);
  }), title);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copied))}`;
}

function addSaveButtons() {
  for (const figure of document.querySelectorAll('figure.drawing')) {
    let heading = figure;
    while (heading.tagName !== 'H2') heading = heading.previousElementSibling;
    button(heading, 'Save as PNG', () => {
      saveDrawing(figure.dataset.title, [...figure.querySelectorAll('svg')].find((svg) => svg.getClientRects().length));
    });
  }
}

addCopyButtons();
addSaveButtons();
return { addCopyButtons, button, saveChart };
})();
