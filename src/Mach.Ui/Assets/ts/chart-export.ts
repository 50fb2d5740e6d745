// A button that saves the drawing on the page as a picture. Works on a copy whose looks are written into it, because a picture knows no style sheet.
const looks = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "text-anchor"];
const scale = 2;

const copyLooks = (from: Element, to: Element) => {
  const style = getComputedStyle(from);
  looks.forEach(name => to.setAttribute(name, style.getPropertyValue(name)));
  Array.from(from.children).forEach((child, i) => copyLooks(child, to.children[i]));
};

const save = async (svg: SVGSVGElement, file: string) => {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copyLooks(svg, copy);
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const picture = new Image();
  picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const brush = canvas.getContext("2d")!;
  brush.fillStyle = getComputedStyle(document.body).getPropertyValue("--surface") || "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = file;
  link.click();
};

export const startChartExports = () =>
  document.querySelectorAll<HTMLButtonElement>("button[data-export-chart]").forEach(button => {
    const svg = document.getElementById(button.dataset.exportChart ?? "");
    if (!(svg instanceof SVGSVGElement)) return;
    button.hidden = false;
    button.addEventListener("click", () => void save(svg, button.dataset.file ?? "chart.png"));
  });
