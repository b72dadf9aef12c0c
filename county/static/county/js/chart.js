// Draws the figures of the table once the chart library is there; without it the table stands alone.
// The small build of the library has no legend and no tooltip: the legend is in the page, numbers in the table.
const COLOURS = ["#1c6b46", "#c9822b", "#8a2b16"];

function option({ kind, labels, series }) {
  return {
    animation: false,
    color: COLOURS,
    grid: { left: 8, right: 8, bottom: 8, top: 16, containLabel: true },
    xAxis: { type: "category", data: labels, axisLabel: { hideOverlap: true, rotate: labels.length > 6 ? 35 : 0 } },
    yAxis: { type: "value", minInterval: 1 },
    series: series.map(({ name, values }) => ({ name, type: kind, data: values, barMaxWidth: 28 })),
  };
}

function draw(figure) {
  const figures = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  figure.hidden = false;
  const chart = window.echarts.init(figure.querySelector(".chart__picture"));
  chart.setOption(option(figures));
  new ResizeObserver(() => chart.resize()).observe(figure);
}

if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw);
