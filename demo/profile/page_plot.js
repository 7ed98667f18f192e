
/* Graphs: what all have in common, and those over time. One view, a range of rows, is shared by all graphs over time.
 * Each is drawn pixel column by pixel column, from the least to the most of the column's frames, so that no frame is
 * lost however many there are. */

function make(name, attributes, ...inside) {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...inside);
  return element;
}
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* A sample of how a line, an area or a mark looks. Nothing of the file is in it. */
function sample(key) {
  const shapes = {area: 'M0 2H18V10H0Z', mark: 'M4 1H14L9 9Z', bars: 'M2 10V4H6V10M8 10V1H12V10'};
  const look = key.kind in shapes ? `fill:var(${key.color})`
    : `fill:none;stroke:var(${key.color});stroke-width:2;stroke-dasharray:${(key.dash || ['none']).join(' ')}`;
  const holder = make('i', {class: 'sample', 'aria-hidden': 'true'});
  holder.innerHTML = `<svg viewBox="0 0 18 10"><path d="${shapes[key.kind] || 'M0 5H18'}" style="${look}"/></svg>`;
  return holder;
}

class Plot {
  constructor(parent, title, keys, height, label) {
    this.height = height;
    this.box = make('div', {class: 'box', hidden: ''});
    this.canvas = make('canvas', {tabindex: '0', role: 'img', 'aria-label': label});
    const heading = make('h3', {}, title);
    for (const key of keys) heading.append(make('span', {}, sample(key), key.name));
    this.root = make('div', {class: 'chart'}, heading, this.canvas, this.box);
    parent.append(this.root);
    this.left = 68;
    this.right = 14;
    this.top = 10;
    this.bottom = 36;
  }
  /* Clears the canvas at the screen's own resolution. */
  begin() {
    const ratio = window.devicePixelRatio || 1;
    this.width = Math.max(200, this.canvas.clientWidth || this.root.clientWidth);
    this.canvas.style.height = this.height + 'px';
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.g = this.canvas.getContext('2d');
    this.g.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.g.font = '12px system-ui, sans-serif';
    this.g.lineJoin = 'round';
    this.w = this.width - this.left - this.right;
    this.h = this.height - this.top - this.bottom;
  }
  y(value) {
    const part = this.log ? Math.log(Math.max(value, this.low) / this.low) / Math.log(this.high / this.low)
      : (value - this.low) / (this.high - this.low);
    return this.top + this.h * (1 - part);
  }
  yAxis(values, format) {
    const g = this.g;
    g.textAlign = 'right';
    g.textBaseline = 'middle';
    g.lineWidth = 1;
    for (const value of values) {
      const y = Math.round(this.y(value)) + 0.5;
      g.strokeStyle = css('--grid');
      g.beginPath();
      g.moveTo(this.left, y);
      g.lineTo(this.left + this.w, y);
      g.stroke();
      g.fillStyle = css('--muted');
      g.fillText(format(value), this.left - 8, y);
    }
  }
  xTick(x, text, below) {
    const g = this.g, base = this.top + this.h;
    g.textBaseline = 'top';
    g.strokeStyle = css('--rule');
    g.beginPath();
    g.moveTo(Math.round(x) + 0.5, base);
    g.lineTo(Math.round(x) + 0.5, base + 4);
    g.stroke();
    for (const [line, y] of [[text, base + 6], [below, base + 20]]) {
      if (!line) continue;
      const half = g.measureText(line).width / 2;
      g.textAlign = 'center';
      g.fillStyle = css('--muted');
      g.fillText(line, Math.min(Math.max(x, this.left - 14 + half), this.width - half), y);
    }
  }
  frameLine() {
    this.g.strokeStyle = css('--rule');
    this.g.strokeRect(this.left + 0.5, this.top + 0.5, this.w, this.h);
  }
  clip(draw) {
    this.g.save();
    this.g.beginPath();
    this.g.rect(this.left, this.top - 1, this.w, this.h + 2);
    this.g.clip();
    draw(this.g);
    this.g.restore();
  }
  stroke(color, width, dash) {
    this.g.strokeStyle = css(color);
    this.g.lineWidth = width;
    this.g.setLineDash(dash || []);
    this.g.stroke();
    this.g.setLineDash([]);
  }
  showBox(x, ...inside) {
    this.box.replaceChildren(...inside);
    this.box.hidden = false;
    const room = this.root.clientWidth, width = this.box.offsetWidth;
    const beside = x + 18 + width <= room ? x + 18 : x - 18 - width;
    const left = beside >= 0 ? beside : Math.max(0, (room - width) / 2);
    this.box.style.left = left + 'px';
    this.box.style.top = this.canvas.offsetTop + this.top + 6 + 'px';
  }
}

/* ---- Graphs over time ---- */

const view = {from: 0, to: rows, chosen: -1};
const plots = [];
let logScale = false;

class TimePlot extends Plot {
  constructor(spec) {
    super(document.getElementById('charts'), spec.title, spec.series.filter(item => item.name), spec.height,
      spec.title + ' by frame. Arrow keys go from frame to frame.');
    this.spec = spec;
    plots.push(this);
    listen(this);
  }
  x(row) {
    return this.left + (row + 0.5 - view.from) / (view.to - view.from) * this.w;
  }
  row(x) {
    const row = Math.floor(view.from + (x - this.left) / this.w * (view.to - view.from));
    return Math.min(Math.max(row, Math.floor(view.from)), Math.ceil(view.to) - 1);
  }
  /* Calls draw(x, low, high, first) for each pixel column, or for each frame if there are fewer of them. */
  columns(values, draw) {
    const span = view.to - view.from, first = Math.floor(view.from), last = Math.min(rows, Math.ceil(view.to));
    if (span <= this.w) {
      for (let i = first; i < last; ++i) draw(this.x(i), values[i], values[i], i);
      return;
    }
    for (let column = 0; column < this.w; ++column) {
      const begin = Math.floor(view.from + column / this.w * span);
      const end = Math.min(rows, Math.max(begin + 1, Math.floor(view.from + (column + 1) / this.w * span)));
      let low = Infinity, high = -Infinity;
      for (let i = begin; i < end; ++i) {
        if (values[i] < low) low = values[i];
        if (values[i] > high) high = values[i];
      }
      if (low <= high) draw(this.left + column + 0.5, low, high, begin);
      else draw(this.left + column + 0.5, NaN, NaN, begin);
    }
  }
  scale() {
    let high = 0, low = Infinity, lowest = Infinity;
    for (const item of this.spec.series) {
      if (!item.values) continue;
      this.columns(item.values, (x, least, most) => {
        if (most > high) high = most;
        if (least > 0 && least < low) low = least;
        if (least < lowest) lowest = least;
      });
    }
    this.log = Boolean(this.spec.mayLog && logScale && high > 0);
    this.low = this.log ? Math.min(low, high / 2) * 0.9 : 0;
    this.high = high > 0 ? high * (this.log ? 1.25 : 1.06) : 1;
    if (this.spec.percent) {
      this.low = lowest > 100 ? 0 : [99.9, 99, 95, 90, 80, 50, 0].find(from => from <= lowest);
      this.high = 100 + (100 - this.low) * 0.05;
    }
    this.tickValues = this.log ? logTicks(this.low, this.high, 9)
      : ticks(this.low, this.high, this.height > 200 ? 6 : 4, this.spec.binary);
    if (this.spec.whole) this.tickValues = this.tickValues.filter(tick => tick % 1 === 0);
  }
  drawSeries(item) {
    const g = this.g, base = this.top + this.h;
    const dense = view.to - view.from > this.w;
    if (item.kind === 'mark') return;
    g.beginPath();
    if (item.kind === 'bars') {
      const width = dense ? 1 : Math.max(1, this.w / (view.to - view.from) * 0.8);
      this.columns(item.values, (x, low, high) => {
        const top = Math.min(this.y(high), base - 1);
        if (high > 0) g.rect(x - width / 2, top, width, base - top);
      });
      g.fillStyle = css(item.color);
      g.fill();
      return;
    }
    let down = false, last = this.left;
    const half = dense ? 0.5 : this.w / (view.to - view.from) / 2;
    this.columns(item.values, (x, low, high) => {
      if (Number.isNaN(high)) {
        down = false;
        return;
      }
      const begin = item.steps && !dense ? x - half : x;
      if (!down) g.moveTo(begin, this.y(high)); else g.lineTo(begin, this.y(high));
      if (low !== high) g.lineTo(x, this.y(low));
      if (item.steps && !dense) g.lineTo(x + half, this.y(high));
      down = true;
      last = x + (item.steps ? half : 0);
    });
    if (item.kind === 'area') {
      g.lineTo(last, base);
      g.lineTo(this.left, base);
      g.fillStyle = css(item.color);
      g.fill();
    } else {
      this.stroke(item.color, item.width || 1.25, item.dash);
      if (rows === 1) {
        g.beginPath();
        g.arc(this.x(0), this.y(item.values[0]), 3, 0, 7);
        g.fillStyle = css(item.color);
        g.fill();
      }
    }
  }
  /* At most one a pixel column: the longest. */
  drawMarks() {
    const g = this.g, best = new Map();
    for (const row of slowRows) {
      if (row < Math.floor(view.from) || row >= view.to) continue;
      const key = Math.round(this.x(row) / 6);
      if (!best.has(key) || c.frame[best.get(key)] < c.frame[row]) best.set(key, row);
    }
    g.fillStyle = css('--slow');
    for (const row of best.values()) {
      const x = this.x(row), y = Math.max(this.y(c.frame[row]) - 3, this.top + 9);
      g.beginPath();
      g.moveTo(x - 5, y - 9);
      g.lineTo(x + 5, y - 9);
      g.lineTo(x, y);
      g.fill();
    }
  }
  drawXAxis() {
    const wide = Math.max(2, Math.floor(this.w / 110)), first = frameOf(Math.floor(view.from));
    const span = view.to - view.from;
    for (const tick of ticks(Math.floor(view.from) + first - Math.floor(view.from), first + span - 1, wide, false)) {
      if (tick % 1 !== 0) continue;
      const row = Math.floor(view.from) + tick - first;
      if (row < 0 || row >= rows) continue;
      const at = seconds[row].toFixed(span < 300 ? 2 : 1) + ' s';
      this.xTick(this.x(row), count(frameOf(row)), at);
    }
    if (span <= 1) this.xTick(this.x(Math.floor(view.from)), count(first), '0.00 s');
    this.g.textAlign = 'right';
    this.g.fillText('frame', this.left - 22, this.top + this.h + 6);
  }
  draw() {
    this.begin();
    this.scale();
    this.yAxis(this.tickValues, this.spec.format);
    this.drawXAxis();
    this.clip(() => {
      for (const item of this.spec.series) if (item.values) this.drawSeries(item);
      if (this.spec.marks) this.drawMarks();
      this.drawChosen();
      this.drawDrag();
    });
    this.frameLine();
  }
  drawChosen() {
    if (view.chosen < 0 || view.chosen < Math.floor(view.from) || view.chosen >= view.to) return;
    const x = Math.round(this.x(view.chosen)) + 0.5;
    this.g.beginPath();
    this.g.moveTo(x, this.top);
    this.g.lineTo(x, this.top + this.h);
    this.stroke('--mark', 1);
    const values = this.spec.series[0].values;
    if (Number.isNaN(values[view.chosen])) return;
    this.g.beginPath();
    this.g.arc(x, this.y(values[view.chosen]), 3.5, 0, 7);
    this.g.fillStyle = css('--mark');
    this.g.fill();
  }
  drawDrag() {
    if (!this.drag || !this.drag.moved) return;
    this.g.fillStyle = css('--accent');
    this.g.globalAlpha = 0.2;
    this.g.fillRect(this.drag.from, this.top, this.drag.to - this.drag.from, this.h);
    this.g.globalAlpha = 1;
  }
}

function addPlots() {
  const worst = c.frame.reduce((most, value) => Math.max(most, value), 0);
  const middle = Float64Array.from(c.frame).sort()[(rows - 1) >> 1];
  logScale = worst > 8 * middle && middle > 0;
  new TimePlot({title: 'Frame time, ms', height: 300, format: plain, mayLog: true, marks: true, series: [
    {name: 'frame time', kind: 'line', color: '--line', values: c.frame, steps: rows < 200},
    {name: 'twice the median of 120 frames', kind: 'line', color: '--median', dash: [6, 4], width: 1.5,
      values: thresholds()},
    {name: 'slow frame', kind: 'mark', color: '--slow'}]});
  new TimePlot({title: 'Hit rate of the last 60 frames, %', height: 150, format: plain, percent: true, series: [
    {kind: 'line', color: '--hits', values: hitRates(), width: 1.75}]});
  const memory = [{name: 'in use at the frame\u2019s end', kind: 'area', color: '--fill', values: c.used, steps: true}];
  if (c.peak) memory.push({name: 'peak within the frame', kind: 'line', color: '--peak', values: c.peak});
  memory.push({name: 'limit', kind: 'line', color: '--limit', dash: [7, 4], values: c.limit, width: 1.5, steps: true});
  new TimePlot({title: 'Video memory', height: 170, format: shortBytes, binary: true, series: memory});
  new TimePlot({title: 'Uploads per frame', height: 130, format: plain, whole: true, series: [
    {kind: 'bars', color: '--bars', values: c.uploads}]});
  new TimePlot({title: 'Bytes uploaded per frame', height: 130, format: shortBytes, binary: true, series: [
    {kind: 'bars', color: '--bars', values: c.uploadBytes}]});
}
