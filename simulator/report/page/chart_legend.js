// The legend of a chart: each name with a sample of its line; values only under the cursor.
const chartLegend = (() => {
'use strict';

function sample(stroke, dash, width) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('width', '36');
  svg.setAttribute('height', '8');
  svg.setAttribute('aria-hidden', 'true');
  const line = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'line'));
  for (const [name, value] of Object.entries({ x1: 0, y1: 4, x2: 36, y2: 4, stroke, 'stroke-width': width,
    'stroke-dasharray': dash.join(' ') })) line.setAttribute(name, value);
  return svg;
}

// `dashes`: dash pattern of each series, in CSS pixels.
function dress(plot, dashes) {
  plot.root.querySelectorAll('.u-legend .u-series').forEach((row, i) => {
    const marker = row.querySelector('.u-marker');
    const series = plot.series[i];
    if (i === 0) row.classList.add('moment-time');
    if (!marker || i === 0 || !dashes[i]) return;
    marker.replaceChildren(sample(series._stroke || series.stroke(), dashes[i], 2));
    row.title = 'click to hide or show this line';
  });
}

function follow(plot) {
  plot.root.classList.toggle('hovering', plot.cursor.idx !== null && plot.cursor.idx !== undefined);
}

return { dress, follow };
})();
