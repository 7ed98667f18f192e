
/* What other limits would do. */

class CurvePlot extends Plot {
  constructor(title, values, format, high, label) {
    super(document.getElementById('curves'), title, [
      {name: 'limit at the end', kind: 'line', color: '--limit', dash: [7, 4]},
      {name: 'recommended', kind: 'line', color: '--slow', dash: [2, 3]}], 264, label);
    Object.assign(this, {values, format, fixedHigh: high, top: 38, chosen: -1});
    this.box.classList.add('small');
    this.canvas.addEventListener('pointermove', event => {
      const x = event.clientX - this.canvas.getBoundingClientRect().left;
      this.choose(this.pointAt(x));
    });
    this.canvas.addEventListener('pointerleave', () => this.choose(-1));
    this.canvas.addEventListener('blur', () => this.choose(-1));
    this.canvas.addEventListener('keydown', event => {
      const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
      if (step) {
        this.choose(Math.min(Math.max(this.chosen + step, 0), values.length - 1));
        event.preventDefault();
      }
    });
  }
  x(limit) {
    return this.left + Math.log(limit / this.least) / Math.log(this.most / this.least) * this.w;
  }
  pointAt(x) {
    const limit = this.least * (this.most / this.least) ** ((x - this.left) / this.w);
    let found = -1;
    for (let i = 0; i < points.length && points[i][0] <= limit; ++i) found = i;
    return found;
  }
  draw() {
    this.begin();
    this.low = 0;
    this.high = this.fixedHigh || Math.max(...this.values) * 1.08 || 1;
    this.yAxis(ticks(0, this.high, 5, this.format === shortBytes), this.format);
    const powers = [];
    for (let power = 2 ** Math.ceil(Math.log2(this.least)); power <= this.most; power *= 2) powers.push(power);
    const every = Math.ceil(powers.length / Math.max(2, this.w / 70));
    powers.forEach((power, i) => { if (i % every === 0) this.xTick(this.x(power), shortBytes(power)); });
    this.clip(g => {
      g.beginPath();
      points.forEach((point, i) => {
        if (i === 0) g.moveTo(this.x(point[0]), this.y(this.values[i]));
        else {
          g.lineTo(this.x(point[0]), this.y(this.values[i - 1]));
          g.lineTo(this.x(point[0]), this.y(this.values[i]));
        }
      });
      g.lineTo(this.left + this.w, this.y(this.values[points.length - 1]));
      this.stroke('--line', 2);
    });
    this.frameLine();
    const marks = [[c.limit[rows - 1], '--limit', [7, 4], 'limit ', 10],
      [data.curve.recommended, '--slow', [2, 3], 'recommended ', 26]]
      .filter(mark => mark[0] >= this.least && mark[0] <= this.most);
    for (const mark of marks) this.markLine(...mark);
    for (const mark of marks) this.markText(...mark);
    if (this.chosen >= 0) {
      this.g.beginPath();
      this.g.arc(this.x(points[this.chosen][0]), this.y(this.values[this.chosen]), 4, 0, 7);
      this.g.fillStyle = css('--mark');
      this.g.fill();
    }
  }
  markLine(limit, color, dash, name, y) {
    this.g.beginPath();
    this.g.moveTo(this.x(limit), y + 7);
    this.g.lineTo(this.x(limit), this.top + this.h);
    this.stroke(color, 1.5, dash);
  }
  /* Above its line, and above the other one's, which may pass behind it. */
  markText(limit, color, dash, name, y) {
    const g = this.g, text = name + bytes(limit), half = g.measureText(text).width / 2;
    const x = Math.min(Math.max(this.x(limit), half + 4), this.width - half - 4);
    g.fillStyle = css('--card');
    g.fillRect(x - half - 3, y - 8, 2 * half + 6, 15);
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.fillStyle = css(color);
    g.fillText(text, x, y);
  }
  choose(index) {
    this.chosen = index;
    if (index < 0) this.box.hidden = true;
    else {
      const [limit, hits, uploaded] = points[index];
      this.showBox(this.x(limit), make('h4', {}, `Limit ${bytes(limit)}`),
        make('table', {}, make('tbody', {}, line('hit rate', percent(hits / data.curve.accesses * 100)),
          line('uploads per frame', bytes(uploaded / framesSoFar)), line('uploads in all', bytes(uploaded)))));
    }
    this.draw();
  }
}

const points = data.curve ? data.curve.points : [];
const framesSoFar = frameOf(rows - 1) + 1;
const curves = [];

function addCurves() {
  if (!data.curve || points.length === 0 || data.curve.accesses === 0) return;
  const rates = points.map(point => point[1] / data.curve.accesses * 100);
  const uploads = points.map(point => point[2] / framesSoFar);
  curves.push(new CurvePlot('Hit rate against limit, %', rates, plain, 104,
    'Hit rate against the limit. Arrow keys go from point to point.'));
  curves.push(new CurvePlot('Bytes uploaded per frame against limit', uploads, shortBytes, 0,
    'Bytes uploaded per frame against the limit. Arrow keys go from point to point.'));
  const limit = c.limit[rows - 1], all = points.map(point => point[0]).filter(value => value > 0);
  if (limit > 0 && limit < 2 * all[all.length - 1]) all.push(limit);
  for (const curve of curves) {
    curve.least = Math.min(...all) / 1.15;
    curve.most = Math.max(...all) * 1.25;
  }
}
