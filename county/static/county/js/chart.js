// Draws the figures of the table once the chart library is there; without it the table stands alone.
// The small build of the library has no legend and no tooltip: the legend is in the page, numbers in the table.
const COLOURS = ["#124a30", "#d99a3d", "#f6e6c4"]; // as bright as differ in grey too; desk.css has the same

// A handful of long names is broken into lines; many are turned, and left out where they would overlap.
function axisLabel(count, width) {
  if (count > 6 || width < 480) return { interval: count > 6 ? "auto" : 0, hideOverlap: count > 6, rotate: 35 };
  return { interval: 0, overflow: "break", width: Math.max(Math.floor((width - 60) / count) - 8, 36) };
}

function option({ kind, labels, series }, width) {
  return {
    animation: false,
    color: COLOURS,
    grid: { left: 8, right: 8, bottom: 8, top: 16, containLabel: true },
    xAxis: { type: "category", data: labels, axisLabel: axisLabel(labels.length, width) },
    yAxis: { type: "value", minInterval: 1 },
    series: series.map(({ name, values }) => ({ name, type: kind, data: values, barMaxWidth: 28, itemStyle: { borderColor: "#55625a", borderWidth: 0.5 } })),
  };
}

function draw(figure) {
  const figures = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  figure.hidden = false;
  const chart = window.echarts.init(figure.querySelector(".chart__picture"));
  chart.setOption(option(figures, figure.clientWidth));
  new ResizeObserver(() => chart.resize()).observe(figure);
}

if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw);
