#!/usr/bin/env python3
"""How the cost of coverage grows with radius, resolution, sites and threads: prints tables and draws docs/images/scaling.svg.

    python3 tools/scaling.py DEM LAT,LON [NOTSPOT]

DEM is a raster of 1 arc second with terrain for 25 km around LAT,LON; the demo's sites with one GSM cell each stand for a network. CPU seconds
(user and system) of the whole process, median of five runs, of three for networks. NOTSPOT is the program, target/release/notspot when left out.
Needs PyPI's matplotlib and GDAL's gdalwarp.
"""

import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "notspot"
import matplotlib.pyplot as plt

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "data" / "demo"


def measure(command, runs):
    """Median CPU and wall seconds, and peak memory in MB."""
    cpu, wall, memory = [], [], []
    for _ in range(runs):
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if status != 0:
            sys.exit(f"failed: {' '.join(map(str, command))}")
        wall.append(time.monotonic() - started)
        cpu.append(usage.ru_utime + usage.ru_stime)
        memory.append(usage.ru_maxrss / 1024)
    return statistics.median(cpu), statistics.median(wall), max(memory)


def site(program, dem, place, model, radius_km, folder):
    command = [program, "coverage", "--site", place, "--dem", dem, "--model", model, "--frequency", "900", "--tx-height", "30"]
    command += ["--rx-height", "1.5", "--radius", str(radius_km), "--threads", "1", "--no-progress", "-o", folder / "loss.tif"]
    return measure(command, 5)


def network(program, sites, radius_km, threads, folder):
    """A study of the demo's first sites with one GSM cell each."""
    rows, seen = [], set()
    with (DEMO / "sites.csv").open() as file:
        reader = csv.DictReader(file)
        for row in reader:
            if row["site_id"] not in seen and len(seen) < sites:
                seen.add(row["site_id"])
                rows.append(row | {"technology": "GSM", "frequency_mhz": 900, "bandwidth_mhz": 0.2, "switch_off_date": ""})
    with (folder / "sites.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(rows)
    text = (DEMO / "study.toml").read_text()
    for name in ("terrain.tif", "villages.csv", "communes.geojson", "roads.geojson"):
        text = text.replace(f'"{name}"', f'"{DEMO / name}"')
    text = text.replace("GSM = 15.0", f"GSM = {radius_km}")
    (folder / "study.toml").write_text(text)
    command = [program, "coverage", folder / "study.toml", "-o", folder / "out", "--no-cache", "--no-progress"]
    return measure(command + ["--threads", str(threads)], 3)


def main():
    dem, place, *rest = sys.argv[1:]
    program = rest[0] if rest else ROOT / "target" / "release" / "notspot"
    figure, axes = plt.subplots(2, 2, figsize=(9, 6.6))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        radii = [5, 10, 15, 20, 25]
        for model in ("p1812", "itm"):
            cpu = []
            for radius in radii:
                seconds, _, memory = site(program, dem, place, model, radius, folder)
                cpu.append(seconds)
                print(f"radius {radius} km, {model}: {seconds:.3f} s CPU, {memory:.0f} MB", flush=True)
            axes[0][0].plot(radii, cpu, "o-", label=model)
        axes[0][0].set(xlabel="radius, km (1″)", ylabel="CPU, s", title="One transmitter")
        axes[0][0].legend()

        arc_seconds = [3, 2, 1, 0.75, 0.5]
        for model in ("p1812", "itm"):
            cpu = []
            for step in arc_seconds:
                warped = folder / "warped.tif"
                size = ["-tr", str(step / 3600), str(step / 3600)]
                subprocess.run(["gdalwarp", "-q", "-overwrite", "-r", "bilinear", *size, dem, warped], check=True)
                seconds, _, memory = site(program, warped, place, model, 15, folder)
                cpu.append(seconds)
                print(f"resolution {step}″, 15 km, {model}: {seconds:.3f} s CPU, {memory:.0f} MB", flush=True)
            axes[0][1].plot([1 / step for step in arc_seconds], cpu, "o-", label=model)
        axes[0][1].set(xlabel="pixels per arc second (15 km)", ylabel="CPU, s", title="Resolution")
        axes[0][1].legend()

        counts = [100, 300, 600, 900, 1250]
        for radius in (15, 25):
            cpu = []
            for count in counts:
                seconds, wall, memory = network(program, count, radius, 2, folder)
                cpu.append(seconds)
                print(f"{count} sites, {radius} km: {seconds:.1f} s CPU, {wall:.1f} s wall, {memory:.0f} MB", flush=True)
            axes[1][0].plot(counts, cpu, "o-", label=f"{radius} km")
        axes[1][0].set(xlabel="sites (3″, p1812)", ylabel="CPU, s", title="A network, all rasters")
        axes[1][0].legend()

        threads = list(range(1, (os.cpu_count() or 1) + 1))
        wall = []
        for count in threads:
            seconds, elapsed, memory = network(program, 600, 25, count, folder)
            wall.append(elapsed)
            print(f"{count} threads, 600 sites, 25 km: {elapsed:.1f} s wall, {seconds:.1f} s CPU, {memory:.0f} MB", flush=True)
        axes[1][1].plot(threads, [wall[0] / seconds for seconds in wall], "o-")
        axes[1][1].plot(threads, threads, ":", color="grey", label="as many times as threads")
        axes[1][1].set(xlabel="threads", ylabel="times as fast as one", title="Threads", xticks=threads)
        axes[1][1].legend()
    for axis in figure.axes:
        axis.set_ylim(bottom=0)
        axis.set_xlim(left=0)
        axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(ROOT / "docs" / "images" / "scaling.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
