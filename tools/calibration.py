#!/usr/bin/env python3
"""Calibrates models with a GSM 1800 drive test: writes the table of docs/calibration.md and its charts.

    python3 tools/calibration.py FOLDER [NOTSPOT]

FOLDER is svr_pathloss_gsm (4 cells in Recife), which is not part of this repository. NOTSPOT is the program, target/release/notspot when left
out. No elevation raster comes with it: the terrain is the inverse-distance mean of the heights in its table.
"""

import csv
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PIXEL_DEG = 0.0005
WGS84 = 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
MODELS = [
    ("p1812", "p1812, bare ground", 'model = "p1812"', False),
    ("p1812-clutter", "p1812, clutter 15 m", 'model = "p1812"', True),
    ("cost231", "cost231, medium city", 'model = "cost231"', False),
    ("hata", "hata, city", 'model = "hata"\nparameters = { environment = "urban" }', False),
    ("uma", "tr38901-uma, no line of sight", 'model = "tr38901-uma"\nparameters = { los = "nlos" }', False),
]
FORMS = {"bias": "bias", "bias_by_class": "class biases", "bias_and_slope": "bias and slope", "bias_by_class_and_slope": "class biases and slope"}


def raster(path, west, south, rows, nodata):
    head = f"ncols {len(rows[0])}\nnrows {len(rows)}\nxllcorner {west}\nyllcorner {south}\ncellsize {PIXEL_DEG}\nNODATA_value {nodata}\n"
    path.write_text(head + "\n".join(" ".join(row) for row in rows) + "\n")
    path.with_suffix(".prj").write_text(WGS84)


def prepare(source, folder):
    """Tables and rasters of the study; gives how many places were measured."""
    heights, sites = {}, ["site_id,cell_id,lat,lon,height_m,technology,frequency_mhz,eirp_dbm"]
    for row in csv.DictReader((source / "BTSs_Data.csv").open(), delimiter=";"):
        lon, lat = float(row["lon"]), float(row["lat"])
        lon = lon * 10 if lon > -10 else lon  # three longitudes lack a place: −3.489272 stands for −34.89272
        mhz = 1805.2 + 0.2 * (int(row["bcch"]) - 512)  # GSM 1800 downlink of a channel number (3GPP TS 45.005 §2)
        sites.append(f"{row['BTS_ID']},{row['BTS_ID']},{lat},{lon},{row['height']},GSM,{mhz:.1f},{row['eirp']}")
        heights[lon, lat] = float(row["elev"])
    table = ["cell,lon,lat,loss_db"]
    for row in csv.DictReader((source / "measurements.csv").open()):
        heights[float(row["lon"]), float(row["lat"])] = float(row["elev"])
        table.append(f"{row['BTS_ID']},{row['lon']},{row['lat']},{row['PLreal']}")
    places = list(heights.items())[::3]
    west, south = (min(place[axis] for place in heights) - 0.005 for axis in (0, 1))
    columns, rows = (math.ceil((max(place[axis] for place in heights) + 0.005 - low) / PIXEL_DEG) for axis, low in ((0, west), (1, south)))

    def height(row, column):
        x, y = west + (column + 0.5) * PIXEL_DEG, south + (rows - row - 0.5) * PIXEL_DEG
        weights = [(((px - x) ** 2 + (py - y) ** 2 + 1e-8) ** -2, h) for (px, py), h in places]
        return f"{sum(w * h for w, h in weights) / sum(w for w, _ in weights):.1f}"

    raster(folder / "terrain.asc", west, south, [[height(r, c) for c in range(columns)] for r in range(rows)], -9999)
    raster(folder / "cover.asc", west, south, [["50"] * columns] * rows, 0)
    (folder / "sites.csv").write_text("\n".join(sites) + "\n")
    (folder / "villages.csv").write_text("id,name,lon,lat\nV1,Recife,-34.895,-8.072\n")
    (folder / "measurements.csv").write_text("\n".join(table) + "\n")


def study(propagation, clutter):
    cover = 'land_cover = ["cover.asc"]\n[clutter]\nheights_m = { "50" = 15.0 }\n' if clutter else ""
    return f"""name = "GSM 1800 drive test, Recife"
date = "2014-01-01"
language = "en"
[inputs]
terrain = ["terrain.asc"]
villages = "villages.csv"
sites = "sites.csv"
{cover}[propagation]
{propagation}
"""


def main():
    source = Path(sys.argv[1])
    program = Path(sys.argv[2] if len(sys.argv) > 2 else "target/release/notspot").resolve()
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(source, folder)
        for model, label, propagation, clutter in MODELS:
            (folder / f"{model}.toml").write_text(study(propagation, clutter))
            for by in ["block", "site"]:
                out = folder / f"{model}-{by}"
                # the four cells are heard on the same streets: with a buffer nothing would be left to fit to
                options = ["--folds-by", by, "--block-km", "0.25", "--buffer-km", "0.1" if by == "block" else "0", "--json"]
                command = [program, "calibrate", f"{model}.toml", "--measurements", "measurements.csv", *options, "-o", out]
                run = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
                gsm = json.loads(run.stdout)["technologies"][0]
                if by == "block" and model in ("p1812", "cost231"):
                    for when in ["before", "after"]:
                        chart = out / "plots" / f"predicted-measured-{when}.svg"
                        shutil.copy(chart, DOCS / "images" / f"calibration-{model}-{when}.svg")
                rmse = lambda key: f"{gsm[key]['rmse_db']:.1f}" if gsm[key] else "–"
                taken = [step["form"] for step in gsm["steps"] if step["taken"]]
                found = gsm["correction"] or {"bias_db": 0.0, "slope": 0.0}
                values = f"{found['bias_db']:+.1f} dB, {found['slope']:+.2f}" if gsm["correction"] else "–"
                form = FORMS[taken[-1]] if taken else "none"
                before = f"{gsm['before']['bias_db']:+.1f} | {rmse('before')}"
                lines.append(f"| `{label.split(',')[0]}`,{label.split(',')[1]} | {by} | {before} | {form} | {values} | {rmse('after')} | {rmse('cross_validated')} |")
        places, spread = gsm["places"], gsm["measured_standard_deviation_db"]
    page = DOCS / "calibration.md"
    start, rest = page.read_text().split("<!-- table -->\n")[0], page.read_text().split("<!-- end of table -->")[1]
    header = "| model | folds by | bias before | RMSE before | taken | bias, slope | RMSE after | RMSE cross-validated |\n|---|---|---|---|---|---|---|---|\n"
    caption = f"\n{places} places; the measured losses themselves spread by {spread:.1f} dB.\n"
    page.write_text(start + "<!-- table -->\n" + header + "\n".join(lines) + "\n" + caption + "<!-- end of table -->" + rest)


if __name__ == "__main__":
    main()
