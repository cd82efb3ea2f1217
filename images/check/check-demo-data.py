"""Opens the demo data with the field's own software, as installed in the analysis desktop, and compares with what the
files were made to hold. Prints one line per check; exit code 1 when one fails. Usage: check-demo-data.py FOLDER"""
import glob
import os
import sys

import fabio
import h5py
import numpy
import pyFAI
from PyMca5.PyMcaIO import specfilewrapper
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

root = sys.argv[1]
failed = 0


def check(name, good, figures):
    global failed
    failed += not good
    print(f"{'ok  ' if good else 'FAIL'} {name}: {figures}")


def rings(folder, image, expected, tolerance):
    integrator = pyFAI.load(os.path.join(root, folder, "geometry.poni"))
    frame = fabio.open(os.path.join(root, folder, image)).data
    q, intensity = integrator.integrate1d(frame.astype(float), 1200, unit="q_A^-1", method="splitpixel")[:2]
    peaks = find_peaks(intensity, prominence=0.05 * intensity.max())[0]
    found = []
    for peak in peaks:
        around = slice(max(0, peak - 5), peak + 6)
        weight = intensity[around] - intensity[around].min()
        found.append((q[around] * weight).sum() / weight.sum())
    off = [min(abs(x - want) / want for x in found) if found else 1 for want in expected]
    check(folder, max(off) < tolerance, f"{len(found)} peaks; expected {len(expected)}, largest deviation {max(off) * 100:.3f} %")


lab6 = [2 * numpy.pi * numpy.sqrt(n) / 4.156826 for n in (1, 2, 3, 4, 5, 6)]
for proposal in ("20260301", "20260312"):
    rings(f"{proposal}/diffraction/lab6", "lab6_0000.edf", lab6, 0.001)
rings("20250915/diffraction/agbh", "agbh_0000.edf", [2 * numpy.pi * n / 58.38 for n in (1, 2, 3, 4)], 0.003)
aluminium = [2 * numpy.pi * numpy.sqrt(n) / 4.0495 for n in (3, 4, 8, 11)]
rings("20260301/diffraction/weld_a", "weld_a_0000.edf", aluminium, 0.003)
nickel = [2 * numpy.pi * numpy.sqrt(n) / 3.5238 for n in (3, 4, 8)]
rings("20250207/diffraction/creep", "creep_0000.edf", nickel, 0.003)

for path, lines in {
    "20260302/xrf/leaf_wild_type/leaf_wild_type.mca": {"Ca": 3.6917, "Fe": 6.4038, "Cu": 8.0478, "Zn": 8.6389},
    "20260302/xrf/leaf_hma4/leaf_hma4.mca": {"K": 3.3138, "Ca": 3.6917, "Fe": 6.4038, "Zn": 8.6389},
    "20250208/xrf/paint_1/paint_1.mca": {"Ca": 3.6917, "Fe": 6.4038, "Cu": 8.0478, "Hg": 9.9888, "Pb": 10.5515},
    "MX_2415/xrf/znt_zn/znt_zn.mca": {"Zn": 8.6389, "Ni": 7.4782},
}.items():
    scan = specfilewrapper.Specfile(os.path.join(root, path))[0]
    counts = numpy.array(scan.mca(1), dtype=float)
    calibration = [float(x) for x in scan.header("@CALIB")[0].split()[1:]]
    energy = calibration[0] + calibration[1] * numpy.arange(counts.size)
    smooth = gaussian_filter1d(counts, 4)
    peaks = energy[find_peaks(smooth, prominence=0.005 * smooth.max())[0]]
    off = {element: float(numpy.abs(peaks - line).min()) for element, line in lines.items()}
    check(path, max(off.values()) < 0.02, f"{int(counts.sum())} counts; deviation in keV {({k: round(v, 3) for k, v in off.items()})}")

for path in sorted(glob.glob(os.path.join(root, "*/tomo/*/*.nx"))):
    with h5py.File(path, "r") as file:
        detector = file["entry/instrument/detector"]
        data, key = detector["data"][()].astype(float), detector["image_key"][()]
        angle = file["entry/sample/rotation_angle"][()]
        good = data.shape[0] == key.size == angle.size and file["entry/definition"][()].decode() == "NXtomo"
        dark, flat = data[key == 2].mean(axis=0), data[key == 1].mean(axis=0)
        attenuation = -numpy.log(numpy.clip((data[key == 0] - dark) / (flat - dark), 1e-3, None))
        # A parallel projection holds the same mass at every angle.
        mass = attenuation.sum(axis=(1, 2))
        spread = mass.std() / mass.mean()
    check(os.path.relpath(path, root), good and spread < 0.01, f"{data.shape}, mass even to {spread * 100:.2f} % over {int((key == 0).sum())} angles")

for path in sorted(glob.glob(os.path.join(root, "*/tomo/*/*.tif")))[:2]:
    data = fabio.open(path).data
    check(os.path.relpath(path, root), data.shape == (160, 160) and data.max() > 15000, f"{data.shape} {data.dtype} up to {data.max()}")

for path in sorted(glob.glob(os.path.join(root, "*/xrf/*/*.h5")) + glob.glob(os.path.join(root, "*/laser/*/*.h5"))):
    with h5py.File(path, "r") as file:
        shapes = []
        file.visititems(lambda name, item: shapes.append(item.shape) if isinstance(item, h5py.Dataset) else None)
    check(os.path.relpath(path, root), len(shapes) > 0, f"{len(shapes)} datasets, largest {max(shapes, key=numpy.prod)}")

for path in sorted(glob.glob(os.path.join(root, "*/sans/*/*_0000.edf"))):
    folder = os.path.dirname(path)
    frame = fabio.open(path).data.astype(float)
    q, intensity = pyFAI.load(os.path.join(folder, "geometry.poni")).integrate1d(frame, 100, unit="q_A^-1", method="splitpixel")[:2]
    inside = intensity[intensity > 0]
    check(os.path.relpath(path, root), inside.max() > 5 * inside[-5:].mean(), f"q {q.min():.4f} to {q.max():.4f} 1/A, {inside.max():.0f} to {inside[-5:].mean():.1f} counts")

sys.exit(1 if failed else 0)
