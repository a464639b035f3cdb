#!/usr/bin/env python3
"""Pictures of the coverage rasters of an output folder, in the colours of their QGIS styles: writes docs/images/coverage-*.png.

    notspot coverage data/demo/study.toml -o OUT && python3 tools/maps.py OUT

Needs gdal-bin (Debian) and PyPI's numpy and matplotlib.
"""

import json
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap, ListedColormap, Normalize
from matplotlib.patches import Patch

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"

MAPS = [
    ("best_server_lte", "LTE: strongest cell", None),
    ("level_lte", "LTE: RSRP", "dBm"),
    ("sinr_lte", "LTE: SINR with half of the other cells' resources in use", "dB"),
    ("operators_served", "Operators that serve: total and partial not-spots", None),
    ("signal_probability", "Probability of a signal", "%"),
    ("throughput_down", "Throughput down of one user", "Mbit/s"),
]


def read(path):
    """Values, with NaN where there is none, and the box west, east, south, north."""
    info = json.loads(subprocess.run(["gdalinfo", "-json", path], capture_output=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raster.bin"
        subprocess.run(["gdal_translate", "-q", "-of", "ENVI", "-ot", "Float64", path, raw], check=True)
        values = np.fromfile(raw).reshape(info["size"][::-1])
    missing = info["bands"][0].get("noDataValue")
    if missing is not None:
        values[values == float(missing)] = np.nan
    west, dx, _, north, _, dy = info["geoTransform"]
    return values, [west, west + dx * info["size"][0], north + dy * info["size"][1], north]


def outline(axes):
    for feature in json.loads((ROOT / "data/demo/communes.geojson").read_text())["features"]:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for polygon in polygons:
            xs, ys = zip(*[point[:2] for point in polygon[0]])
            axes.plot(xs, ys, color="#222", linewidth=0.35)


def draw(folder, name, title, unit):
    values, box = read(folder / "coverage" / f"{name}.tif")
    style = ET.parse(folder / "coverage" / f"{name}.qml")
    figure, axes = plt.subplots(figsize=(9, 5), dpi=110)
    classes = style.findall(".//paletteEntry")
    ramp = style.findall(".//colorrampshader/item")
    if classes:
        numbers = [int(entry.get("value")) for entry in classes]
        colors = [entry.get("color") for entry in classes]
        place = np.searchsorted(numbers, np.nan_to_num(values, nan=numbers[0]))
        image = np.array([matplotlib.colors.to_rgba(color) for color in colors])[np.clip(place, 0, len(colors) - 1)]
        image[np.isnan(values)] = (1, 1, 1, 0)
        axes.imshow(image, extent=box, aspect="auto", interpolation="nearest")
        if len(classes) <= 8:
            axes.legend(
                handles=[Patch(color=entry.get("color"), label=entry.get("label")) for entry in classes],
                loc="upper right",
                fontsize=8,
            )
    else:
        stops = [(float(item.get("value")), item.get("color")) for item in ramp]
        low, high = stops[0][0], stops[-1][0]
        if name == "throughput_down":  # stops are far from evenly spaced: classes between them
            bounds = [stop for stop, _ in stops]
            shade, norm = ListedColormap([color for _, color in stops[1:]]), BoundaryNorm(bounds, len(bounds) - 1)
        else:
            shade = LinearSegmentedColormap.from_list("style", [((v - low) / (high - low), c) for v, c in stops])
            norm = Normalize(low, high)
        shown = axes.imshow(values, extent=box, aspect="auto", cmap=shade, norm=norm, interpolation="nearest")
        figure.colorbar(shown, ax=axes, shrink=0.8, label=unit)
    outline(axes)
    axes.set_title(f"{title} (synthetic demonstration data, prediction)", fontsize=10)
    axes.set_facecolor("#f4f4f2")
    axes.tick_params(labelsize=7)
    figure.tight_layout()
    figure.savefig(IMAGES / f"coverage-{name.replace('_', '-')}.png")
    plt.close(figure)


def main():
    folder = Path(sys.argv[1])
    for name, title, unit in MAPS:
        draw(folder, name, title, unit)


if __name__ == "__main__":
    main()
