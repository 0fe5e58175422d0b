import { describe, expect, it } from 'vitest';
import { lineChart } from '../../src/lab/chart.ts';
import type { LineChart } from '../../src/lab/chart-style.ts';
import { inNotebookFor, stdoutOf } from './support/notebook.ts';

const chart: LineChart = {
  title: 'Time <against> latency',
  xLabel: 'latency, ms',
  yLabel: 'time, ms',
  series: [
    {
      name: 'six & more',
      points: [
        [0, 0.5],
        [20, 121],
      ],
    },
    {
      name: 'one',
      points: [
        [0, 0.1],
        [10, 10.2],
        [20, 20.3],
      ],
    },
  ],
};

async function shown(what: LineChart): Promise<Record<string, unknown>> {
  const messages = await inNotebookFor(() => lineChart(what));
  expect(messages).toHaveLength(1);
  return messages[0]!.data;
}

describe('lineChart()', () => {
  it('shows a Vega-Lite chart, an SVG and the values as text', async () => {
    const data = await shown(chart);
    expect(Object.keys(data)).toEqual(['text/plain', 'application/vnd.vegalite.v5+json', 'image/svg+xml']);
    const spec = data['application/vnd.vegalite.v5+json'] as { data: { values: object[] } };
    expect(spec.data.values).toHaveLength(5);
    expect(spec.data.values[1]).toEqual({ name: 'six & more', x: 20, y: 121, order: 1 });
  });

  it('draws an SVG that escapes its texts and stays inside its frame', async () => {
    const svg = (await shown(chart))['image/svg+xml'] as string;
    expect(svg).toContain('Time &lt;against&gt; latency');
    expect(svg).toContain('six &amp; more');
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const places = [...svg.matchAll(/points="([^"]+)"/g)].flatMap(([, points]) => points!.split(' '));
    for (const [x, y] of places.map((place) => place.split(',').map(Number))) {
      expect(x! >= 0 && x! <= 720 && y! >= 0 && y! <= 380).toBe(true);
    }
  });

  it('draws Vega-Lite and SVG alike: on a paper of its own, in the same colours and over the same powers of ten', async () => {
    const points: [number, number][] = [
      [100, 0.3],
      [5000, 12],
    ];
    const data = await shown({ ...chart, logX: true, logY: true, series: [{ name: 'one', points }] });
    const spec = JSON.stringify(data['application/vnd.vegalite.v5+json']);
    const svg = data['image/svg+xml'] as string;
    const paper = /<rect[^>]* fill="([^"]+)"/.exec(svg)![1];
    const colour = /<polyline[^>]* stroke="([^"]+)"/.exec(svg)![1];
    expect(spec).toContain(`"background":"${paper}"`);
    expect(spec).toContain(`"range":["${colour}"]`);
    expect(spec).toContain('"values":[100,1000,10000]');
    expect(spec).toContain('"values":[0.1,1,10,100]');
    for (const tick of ['100', '1,000', '10,000', '0.1', '1', '10']) expect(svg).toContain(`>${tick}</text>`);
  });

  it('leaves out what a logarithmic axis cannot hold, and what is no number', async () => {
    const points: [number, number][] = [
      [0, 5],
      [1, 0],
      [10, 20],
      [100, Number.NaN],
      [1000, 40],
    ];
    const data = await shown({ ...chart, logX: true, logY: true, series: [{ name: 'one', points }] });
    const spec = data['application/vnd.vegalite.v5+json'] as { data: { values: { x: number }[] } };
    expect(spec.data.values.map(({ x }) => x)).toEqual([10, 1000]);
    expect(data['image/svg+xml']).not.toMatch(/NaN|Infinity/);
  });

  it('draws an empty chart and one of a single point', async () => {
    for (const points of [[], [[3, 3]], [[0, 0]]] as [number, number][][]) {
      for (const log of [false, true]) {
        const svg = (await shown({ ...chart, logX: log, logY: log, series: [{ name: 'one', points }] }))[
          'image/svg+xml'
        ];
        expect(svg).not.toMatch(/NaN|Infinity/);
      }
    }
  });

  it('says each value in a terminal, or a summary where there are many', async () => {
    const few = await stdoutOf(() => lineChart(chart));
    expect(few).toMatch(/20 .*121 .*20\.3/);
    const points = Array.from({ length: 500 }, (_, i): [number, number] => [i, i === 250 ? 900 : 1]);
    const many = await stdoutOf(() => lineChart({ ...chart, series: [{ name: 'PING', points }] }));
    expect(many).toMatch(/PING .*500 .*1 .*1 .*900/);
    expect(many.split('\n').length).toBeLessThan(10);
  });
});
