#!/usr/bin/env python3
"""Measured against predicted loss: writes docs/accuracy.md and its scatter plots.

    python3 tools/accuracy.py MEASUREMENTS [NOTSPOT]

MEASUREMENTS holds itu_c3_1/ (ITU-R SG 3 databank, table III-1: trans-horizon links with profiles) and svr_pathloss_gsm/ (GSM 1800 drive
test); neither is part of this repository. NOTSPOT is the program, target/release/notspot when left out. Needs PyPI's `xlrd`.
"""

import csv
import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def c3_1(folder):
    """Links of table III-1 with a profile, measured at 1 to 50 % of the time, up to 6 GHz."""
    import xlrd

    sheet = xlrd.open_workbook(folder / "C3_1_v1clearTransHorizon200703revised201708.xls").sheet_by_index(0)
    header = sheet.row_values(0)
    stations = {}
    for r in range(1, sheet.nrows):
        row = dict(zip(header, sheet.row_values(r)))
        if row["STATION_NO"] != "":
            stations[int(row["STATION_NO"])] = row
    for sheet in xlrd.open_workbook(folder / "Results_Table_C3_1_P452.xls").sheets():
        for r in range(1, sheet.nrows):
            number, percent, measured = sheet.row_values(r)[:3]
            if not isinstance(percent, float) or not 1 <= percent <= 50:
                continue
            station = stations[int(number)]
            file = folder / "profiles" / f"3_1_{int(number):04}.csv"
            lines = file.read_text(encoding="latin-1").splitlines()
            tx_mast, rx_mast = (float(lines[i].split(",")[1]) for i in (2, 5))
            points = [list(map(float, line.split(",")))[:2] for line in lines[7:] if line.count(",") >= 3]
            # One point in 0.25 km: the databank's 50 m steps are interpolated from a coarser grid.
            points = points[::5] + ([] if (len(points) - 1) % 5 == 0 else [points[-1]])
            land = "coastal" if (station["DSA1"] or 0) >= (station["DSA2"] or 0) else "inland"
            f_mhz = float(lines[6].split(",")[0])
            if f_mhz > 6000:
                continue
            yield {
                "measured": measured,
                "percent": percent,
                "line": {
                    "frequency_mhz": f_mhz,
                    "tx_height_agl_m": tx_mast,
                    "rx_height_agl_m": rx_mast,
                    "path_center_latitude_deg": (station["TX_LAT"] + station["RX_LAT"]) / 2,
                    "profile": {
                        "distance_km": [d for d, _ in points],
                        "terrain_amsl_m": [h for _, h in points],
                        "zone": ["sea" if h <= 0 else land for _, h in points],
                    },
                },
                "delta_n": station["DELTA_N"] or 45.0,
                "n0": station["N0"] or station["NS"] or 325.0,
                "coast": [station["DCT"] or 500.0, station["DCR"] or 500.0],
            }


def gsm(folder):
    """Points of the GSM 1800 drive test beyond 50 m, over ground that is a straight line between the two heights."""
    stations = {}
    for row in csv.DictReader((folder / "BTSs_Data.csv").open(), delimiter=";"):
        # GSM 1800 downlink of a channel number (3GPP TS 45.005 §2): 1805.2 + 0.2·(n − 512) MHz.
        f_mhz = 1805.2 + 0.2 * (int(row["bcch"]) - 512)
        stations[row["BTS_ID"]] = (f_mhz, float(row["height"]), float(row["elev"]))
    for row in csv.DictReader((folder / "measurements.csv").open()):
        f_mhz, mast, ground = stations[row["BTS_ID"]]
        d = float(row["dist"])
        if d < 0.05:
            continue
        n = max(2, math.ceil(d / 0.03))
        slope = (float(row["elev"]) - ground) / n
        yield {
            "measured": float(row["PLreal"]),
            "line": {
                "frequency_mhz": f_mhz,
                "tx_height_agl_m": mast,
                "rx_height_agl_m": 1.5,
                "path_center_latitude_deg": -8.07,
                "profile": {
                    "distance_km": [d * i / n for i in range(n + 1)],
                    "terrain_amsl_m": [ground + slope * i for i in range(n + 1)],
                },
            },
        }


def predict(program, lines):
    """Losses of the batch; None where the model gives none."""
    text = "\n".join(json.dumps(line) for line in lines)
    run = subprocess.run([program, "link", "--batch"], input=text, capture_output=True, text=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(lines), run.stderr[:500]
    return [answer.get("loss_db") for answer in answers]


def equally_spaced(line):
    """The line with its profile at equal steps, as ITM wants it."""
    profile = line["profile"]
    d, h = profile["distance_km"], profile["terrain_amsl_m"]
    n = len(d) - 1
    heights, at = [], 0
    for i in range(n + 1):
        x = d[-1] * i / n
        while at < n - 1 and d[at + 1] < x:
            at += 1
        t = (x - d[at]) / (d[at + 1] - d[at])
        heights.append(h[at] + t * (h[at + 1] - h[at]))
    return line | {"profile": {"distance_km": [d[-1] * i / n for i in range(n + 1)], "terrain_amsl_m": heights}}


def with_clutter(line, height_m):
    profile = dict(line["profile"])
    profile["clutter_m"] = [height_m] * len(profile["distance_km"])
    return line | {"profile": profile}


def scatter(name, title, pairs):
    """An SVG of predicted against measured loss."""
    low = 10 * math.floor(min(min(p) for p in pairs) / 10)
    high = 10 * math.ceil(max(max(p) for p in pairs) / 10)
    size, margin = 420, 50
    at = lambda v: margin + (v - low) / (high - low) * size
    y = lambda v: margin / 2 + size - (v - low) / (high - low) * size
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + margin + 20} {size + margin + 30}" font-family="Arial, sans-serif" font-size="12">',
        f'<rect width="100%" height="100%" fill="#fff"/><text x="{margin}" y="16" font-size="13" font-weight="700">{title}</text>',
    ]
    step = 10 if high - low <= 80 else 20
    for v in range(low, high + 1, step):
        out.append(f'<path d="M{at(v):.1f} {y(low):.1f}V{y(high):.1f}M{at(low):.1f} {y(v):.1f}H{at(high):.1f}" stroke="#e3e7eb"/>')
        out.append(f'<text x="{at(v):.1f}" y="{y(low) + 16:.1f}" text-anchor="middle">{v}</text>')
        out.append(f'<text x="{at(low) - 6:.1f}" y="{y(v) + 4:.1f}" text-anchor="end">{v}</text>')
    out.append(f'<path d="M{at(low):.1f} {y(low):.1f}L{at(high):.1f} {y(high):.1f}" stroke="#b3361d"/>')
    radius, opacity = (2, 0.35) if len(pairs) > 500 else (3, 0.6)
    pairs = pairs[:: 1 + len(pairs) // 1500]  # a large set is drawn in part, so that the file stays small
    out += [f'<circle cx="{at(m):.1f}" cy="{y(p):.1f}" r="{radius}" fill="#00578a" fill-opacity="{opacity}"/>' for m, p in pairs]
    out.append(f'<text x="{at((low + high) / 2):.1f}" y="{y(low) + 34:.1f}" text-anchor="middle">measured loss, dB</text>')
    x0, y0 = 14, y((low + high) / 2)
    out.append(f'<text x="{x0}" y="{y0:.1f}" text-anchor="middle" transform="rotate(-90 {x0} {y0:.1f})">predicted loss, dB</text></svg>')
    (DOCS / "images" / f"{name}.svg").write_text("\n".join(out) + "\n")


def row(label, pairs):
    errors = [p - m for m, p in pairs]
    bias = statistics.fmean(errors)
    rmse = math.sqrt(statistics.fmean(e * e for e in errors))
    return f"| {label} | {len(pairs)} | {bias:+.1f} | {statistics.pstdev(errors):.1f} | {rmse:.1f} |"


HEADER = "| model | values | bias | standard deviation | RMSE |\n|---|---|---|---|---|"


def main():
    folder = Path(sys.argv[1])
    program = sys.argv[2] if len(sys.argv) > 2 else "target/release/notspot"
    links = list(c3_1(folder / "itu_c3_1"))

    def c3_1_rows(model, label, choose, line_of):
        chosen = [link for link in links if choose(link)]
        losses = predict(program, [line_of(link) | {"model": model} for link in chosen])
        pairs = [(link["measured"], loss) for link, loss in zip(chosen, losses) if loss is not None]
        assert pairs, f"no loss from {label}"
        return row(label, pairs), pairs

    def p1812(link):
        params = {"time_percent": link["percent"], "delta_n": link["delta_n"], "n0": link["n0"]}
        params |= {"coast_distance_tx_km": link["coast"][0], "coast_distance_rx_km": link["coast"][1]}
        return link["line"] | {"params": params}

    def itm(link):
        params = {"climate": 5, "time_percent": link["percent"], "surface_refractivity": min(400, max(250, link["n0"]))}
        return equally_spaced(link["line"]) | {"params": params}

    trans = []
    for low, high, label in [(1, 50, "all, 1–50 %"), (50, 50, "50 %"), (10, 30, "10 and 30 %"), (1, 3, "1 and 3 %")]:
        choose = lambda link: low <= link["percent"] <= high
        text, pairs = c3_1_rows("p1812", f"`p1812`, {label}", choose, p1812)
        trans.append(text)
        if label.startswith("all"):
            scatter("accuracy-c3-1-p1812", "P.1812-8, trans-horizon links, 1–50 % of the time", pairs)
        text, pairs = c3_1_rows("itm", f"`itm`, {label}", choose, itm)
        trans.append(text)
        if label.startswith("all"):
            scatter("accuracy-c3-1-itm", "ITM, trans-horizon links, 1–50 % of the time", pairs)
    median = lambda link: link["percent"] == 50
    plain = lambda link: link["line"] | {"params": {}}
    trans.append(c3_1_rows("delta-bullington", "`delta-bullington`, 50 %", median, plain)[0])
    trans.append(c3_1_rows("free-space", "`free-space`, 50 %", median, plain)[0])

    points = list(gsm(folder / "svr_pathloss_gsm"))
    drive = []
    for model, label, change in [
        ("p1812", "`p1812`, bare ground", lambda l: l),
        ("p1812", "`p1812`, clutter 15 m", lambda l: with_clutter(l, 15.0)),
        ("p1812", "`p1812`, clutter 20 m", lambda l: with_clutter(l, 20.0)),
        ("hata", "`hata`, city", lambda l: l | {"params": {"environment": "urban"}}),
        ("cost231", "`cost231`, medium city", lambda l: l),
        ("cost231", "`cost231`, metropolitan centre", lambda l: l | {"params": {"environment": "metropolitan"}}),
        ("ehata", "`ehata`, urban", lambda l: l | {"params": {"environment": "urban"}}),
        ("tr38901-uma", "`tr38901-uma`, no line of sight", lambda l: l | {"params": {"los": "nlos"}}),
        ("itm", "`itm`, bare ground", equally_spaced),
        ("free-space", "`free-space`", lambda l: l),
    ]:
        losses = predict(program, [change(p["line"]) | {"model": model} for p in points])
        pairs = [(p["measured"], loss) for p, loss in zip(points, losses) if loss is not None]
        assert pairs, f"no loss from {label}"
        drive.append(row(label, pairs))
        if label in ("`p1812`, clutter 15 m", "`cost231`, medium city"):
            scatter(f"accuracy-gsm-{model}", f"{label.replace('`', '')}: GSM 1800 drive test", pairs)

    (DOCS / "accuracy.md").write_text(TEXT.format(header=HEADER, trans="\n".join(trans), drive="\n".join(drive)))


TEXT = """# Predicted against measured

Written by `python3 tools/accuracy.py MEASUREMENTS`; the numbers are as they come out, nothing was fitted. Errors are predicted minus
measured loss, dB.

## Trans-horizon links (ITU-R SG 3 databank, table III-1)

Links of 100 to 600 km below 6 GHz with terrain profiles, measured at 1, 3, 10, 30 and 50 % of the time. Assumed: ΔN, N₀ and distances to the coast as the databank
states them; profile points at or below 0 m are sea, the others coastal land where the databank has more of it than inland; no clutter; every fifth
point of the 50 m profiles. ITM is given the same percentages of time and N₀ as surface refractivity, climate 5 (continental temperate) everywhere.

{header}
{trans}

![P.1812 against the databank](images/accuracy-c3-1-p1812.svg)
![ITM against the databank](images/accuracy-c3-1-itm.svg)

These paths are far longer than a mobile cell: they test diffraction, troposcatter and ducting, not the edge of a village.

## GSM 1800 drive test in a flat city (Recife, 4 cells)

2,327 places, each with a loss from 4 cells, 0.05 to 2.3 km away (nearer ones are left out, and those for which a model gives no loss). There is no elevation
model with it: the ground is a straight line between the two heights in the table, and what buildings do is one clutter height or nothing. Receivers at 1.5 m
(assumed). The table's losses are taken as they stand: with its own antenna attenuations added or taken away they spread twice as much, so they are taken to be
corrected for the pattern.

{header}
{drive}

(One point in seven is drawn.)

![P.1812 with 15 m of clutter against the drive test](images/accuracy-gsm-p1812.svg)
![COST-231 against the drive test](images/accuracy-gsm-cost231.svg)

Without the buildings themselves a path model sees a flat plain with or without an even carpet of clutter: on such data the empirical city models are the
better choice, and a bias is for calibration to take out.
"""

if __name__ == "__main__":
    main()
