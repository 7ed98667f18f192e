
/* What a frame was, and how it is chosen. */

/* ---- The box that explains a frame ---- */

function line(name, value, color, part) {
  const cell = make('td', part ? {class: 'part'} : {});
  if (color) cell.append(make('span', {class: 'swatch', style: `background:var(${color})`}));
  cell.append(name);
  return make('tr', {}, cell, make('td', part ? {class: 'part'} : {}, value));
}

function sectionLines(row) {
  const parts = sections.map(section => [section.name, section.values[row], section.color]);
  if (parts.length === 0) {
    parts.push(['CPU', c.cpu[row], '--s3'], ['swap', Math.max(0, c.frame[row] - c.cpu[row]), '--s5']);
  } else {
    const rest = c.frame[row] - parts.reduce((sum, part) => sum + part[1], 0);
    parts.push(['application', Math.max(0, rest), '--s6']);
  }
  const bar = make('div', {class: 'bar'});
  const table = make('tbody', {});
  for (const [name, value, color] of parts) {
    const width = c.frame[row] > 0 ? value / c.frame[row] * 100 : 0;
    bar.append(make('i', {style: `width:${width}%;background:var(${color})`}));
    if (value > 0.0005) table.append(line(name, time(value), color));
  }
  if (c.upload[row] > 0.005) table.append(line('within these: filling textures', time(c.upload[row]), null, true));
  if (c.remove && c.remove[row] > 0.005) {
    table.append(line('within these: deleting textures', time(c.remove[row]), null, true));
  }
  if (c.gpu[row] > 0) table.append(line('GPU', time(c.gpu[row])));
  return [bar, make('table', {}, table)];
}

function countLines(row) {
  let missed = count(c.misses[row]);
  if (c.first && c.misses[row] > 0) {
    missed += ` (${count(c.first[row])} first, ${count(Math.max(0, c.misses[row] - c.first[row]))} evicted)`;
  }
  const table = make('tbody', {}, line('hits', count(c.hits[row])), line('misses', missed));
  if (c.late && c.late[row] > 0) table.append(line('late draws', count(c.late[row])));
  table.append(line('evictions', count(c.evictions[row])),
    line('uploads', c.uploads[row] > 0 ? `${count(c.uploads[row])}, ${bytes(c.uploadBytes[row])}` : '0'),
    line('in use', `${bytes(c.used[row])} of ${bytes(c.limit[row])}`));
  if (c.pinned && c.pinned[row] > 0) table.append(line('of it pinned', bytes(c.pinned[row])));
  return make('table', {class: 'counts'}, table);
}

function workLines(row) {
  const entry = slow.get(row);
  if (!entry || entry.works.length === 0) return [];
  const list = make('ul', {class: 'works'});
  for (const [work, took, size, name] of entry.works) {
    list.append(make('li', {}, make('bdi', {title: name}, `${work} ${name || '(without a name)'}`),
      make('span', {}, `${bytes(size)}, ${time(took)}`)));
  }
  if (entry.more > 0) list.append(make('li', {}, `and ${count(entry.more)} more`));
  return [list];
}

function explain(row) {
  const head = make('h4', {}, `Frame ${count(frameOf(row))} at ${seconds[row].toFixed(2)} s`);
  const entry = slow.get(row);
  const took = make('p', entry ? {class: 'why'} : {}, time(c.frame[row]));
  if (entry) {
    const factor = entry.median > 0 ? (c.frame[row] / entry.median).toFixed(1) : '\u221e';
    took.append(`: slow, ${factor} times the median of ${time(entry.median)}`);
  }
  return [head, took, ...sectionLines(row), ...workLines(row), countLines(row)];
}

/* ---- Choosing, zooming, moving ---- */

let active = null;

function redraw() {
  for (const plot of plots) plot.draw();
  const first = Math.floor(view.from), last = Math.min(rows, Math.ceil(view.to)) - 1;
  document.getElementById('range').textContent =
    `Frames ${count(frameOf(first))} to ${count(frameOf(last))}, ${(seconds[last + 1] - seconds[first]).toFixed(2)} s`;
}
let waiting = false;
function later() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    redraw();
  });
}

function choose(row, plot) {
  view.chosen = row;
  for (const other of plots) if (other !== plot) other.box.hidden = true;
  active = plot;
  if (row >= 0) {
    plot.showBox(plot.x(row), ...explain(row));
    plot.canvas.setAttribute('aria-label', plot.spec.title + '. ' + plot.box.innerText.replace(/\s+/g, ' '));
  } else {
    for (const other of plots) other.box.hidden = true;
  }
  later();
}

function show(from, to) {
  const span = Math.min(rows, Math.max(Math.min(8, rows), to - from));
  view.from = Math.min(Math.max(0, from), rows - span);
  view.to = view.from + span;
  later();
}
function zoom(factor, middle) {
  const span = (view.to - view.from) * factor;
  const part = (middle - view.from) / (view.to - view.from);
  show(middle - span * part, middle + span * (1 - part));
}
const middleOfView = () =>
  view.chosen >= view.from && view.chosen < view.to ? view.chosen + 0.5 : (view.from + view.to) / 2;

/* Moves the view so far that the row is in it. */
function reveal(row) {
  const span = view.to - view.from;
  if (row < view.from) show(row - span * 0.1, row + span * 0.9);
  else if (row >= view.to) show(row - span * 0.9, row + span * 0.1);
}
function go(row, plot) {
  const within = Math.min(Math.max(row, 0), rows - 1);
  reveal(within);
  choose(within, plot);
}
function goSlow(direction, plot) {
  if (slowRows.length === 0) return;
  const found = direction > 0 ? slowRows.find(row => row > view.chosen)
    : slowRows.filter(row => view.chosen < 0 || row < view.chosen).pop();
  if (found !== undefined) go(found, plot);
}

const tools = {
  in: () => zoom(0.5, middleOfView()),
  out: () => zoom(2, middleOfView()),
  left: () => show(view.from - (view.to - view.from) * 0.4, view.to - (view.to - view.from) * 0.4),
  right: () => show(view.from + (view.to - view.from) * 0.4, view.to + (view.to - view.from) * 0.4),
  all: () => show(0, rows),
  slower: () => goSlow(-1, plots[0]),
  next: () => goSlow(1, plots[0]),
  scale: () => {
    logScale = !logScale;
    document.querySelector('[data-do=scale]').setAttribute('aria-pressed', logScale);
    later();
  },
};

function onKey(event, plot) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const page = Math.max(1, Math.round((view.to - view.from) / 10));
  const start = view.chosen < 0 ? Math.floor(view.from) - 1 : view.chosen;
  const actions = {
    ArrowLeft: () => go(view.chosen < 0 ? Math.ceil(view.to) - 1 : start - 1, plot),
    ArrowRight: () => go(start + 1, plot), PageUp: () => go(start - page, plot), PageDown: () => go(start + page, plot),
    Home: () => go(0, plot), End: () => go(rows - 1, plot), Escape: () => choose(-1, plot),
    '+': tools.in, '=': tools.in, '-': tools.out, 0: tools.all, n: () => goSlow(1, plot), p: () => goSlow(-1, plot),
    l: tools.scale,
  };
  if (actions[event.key]) {
    actions[event.key]();
    event.preventDefault();
  }
}

function listen(plot) {
  const canvas = plot.canvas;
  const at = event => event.clientX - canvas.getBoundingClientRect().left;
  const inside = x => Math.min(Math.max(x, plot.left), plot.left + plot.w);
  canvas.addEventListener('pointermove', event => {
    if (plot.drag && event.pointerType !== 'touch') {
      plot.drag.to = inside(at(event));
      plot.drag.moved = plot.drag.moved || Math.abs(plot.drag.to - plot.drag.from) > 4;
    }
    choose(plot.row(at(event)), plot);
  });
  canvas.addEventListener('pointerdown', event => {
    if (event.button === 0) {
      plot.drag = {from: inside(at(event)), to: inside(at(event)), moved: false};
      if (event.pointerType !== 'touch') canvas.setPointerCapture(event.pointerId);
      choose(plot.row(at(event)), plot);
    }
  });
  canvas.addEventListener('pointerup', event => {
    const drag = plot.drag;
    plot.drag = null;
    if (drag && drag.moved) {
      const per = (view.to - view.from) / plot.w;
      const ends = [drag.from, drag.to].map(x => view.from + (x - plot.left) * per).sort((a, b) => a - b);
      show(ends[0], ends[1]);
    }
  });
  canvas.addEventListener('pointercancel', () => { plot.drag = null; });
  canvas.addEventListener('pointerleave', event => {
    if (!plot.drag && event.pointerType !== 'touch' && document.activeElement !== canvas) choose(-1, plot);
  });
  canvas.addEventListener('dblclick', tools.all);
  canvas.addEventListener('wheel', event => {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    const middle = view.from + (inside(at(event)) - plot.left) / plot.w * (view.to - view.from);
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const step = event.deltaX / plot.w * (view.to - view.from);
      show(view.from + step, view.to + step);
    } else {
      zoom(1.0015 ** event.deltaY, middle);
    }
  }, {passive: false});
  canvas.addEventListener('keydown', event => onKey(event, plot));
  canvas.addEventListener('focus', () => {
    if (view.chosen >= 0 && active !== plot) choose(view.chosen, plot);
  });
  canvas.addEventListener('blur', () => { if (!plot.drag) choose(-1, plot); });
}

/* #frame=123 in the address chooses that frame: links of the table, and of people. */
function fromAddress() {
  const found = /^#frame=(\d+)$/.exec(location.hash);
  const row = found ? rowOfFrame(Number(found[1])) : -1;
  for (const link of document.querySelectorAll('.slow a')) {
    link.closest('tr').classList.toggle('chosen', row >= 0 && link.getAttribute('href') === location.hash);
  }
  if (row < 0) return;
  const span = Math.min(view.to - view.from, 400);
  show(row - span / 2, row + span / 2);
  redraw();
  plots[0].root.parentElement.parentElement.scrollIntoView();
  plots[0].canvas.focus({preventScroll: true});
  choose(row, plots[0]);
}
