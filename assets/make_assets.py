#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the demo pictures of pixcache from formulas.

Needs python3-pil and python3-numpy.  Every picture takes its random seed from
its own name, so one picture can be changed without touching the others.
"""
import argparse
import functools
import math
import multiprocessing
import pathlib
import sys
import tempfile
import zlib

import numpy as np
from PIL import Image, ImageDraw

TAU = 2 * math.pi
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))

# Colour ramps, first colour at t=0 and last at t=1.
PALETTES = {
    # skies, from the zenith down to the horizon
    "dawn": "2b3a67 6b6ea8 c98bb0 f6b39b ffe0b0",
    "dusk": "1b1642 4a2472 a8386f f0734e ffc56b",
    "gold": "3f6fa3 8fb4c8 f2d6a2 ffc468 ff9f4a",
    "rose": "35477d 6c5b9b c06c9a f0879b ffd3c4",
    "mint": "1d5c7a 3f9fa8 8fd6c0 e2f4cf fff6d6",
    "noon": "1f6fc4 58a8e6 a5d6f5 e4f4fb ffffff",
    "ember": "140b1f 4b1430 a12a32 ef6a2f ffd166",
    "violet": "150b38 3b1c74 7b3fb0 d678c8 ffd0e0",
    "night": "030617 0a1236 162a5e 34508a 7a86b8",
    "plum": "08041c 1c0e45 43206e 8d3d84 e0788c",
    "deep": "010a14 04233b 0a4a60 23808a 8fd0b8",
    "silver": "3a3a3a 777777 aaaaaa d8d8d8 f8f8f8",
    # land, from far to near
    "bluehills": "a9b6d8 7488b8 47619a 28406f 101d3c",
    "warmhills": "f0a886 c26a78 824270 48285c 1d1238",
    "greenhills": "b9dcc0 7fbfa0 459077 226150 0c312f",
    "redhills": "f39a5c cc5a3c 8c2f38 4f1a34 1e0b20",
    "lilachills": "d9b6dc a683c2 7355a0 432f72 1c1540",
    "greyhills": "c8c8c8 9a9a9a 6a6a6a 3c3c3c 141414",
    "teal": "9fd3d6 5aa5b2 2c7389 154a62 07233a",
    "sand": "f7d9a0 efb56d d98a4a a85a36 5e2f2a",
    # free use
    "ocean": "021024 063b66 0f7fa6 4cc9d6 e3fbf2",
    "lava": "12020a 5a0a18 c4281b ff8a1f fff0a0",
    "forest": "0b2018 1d5638 4f9a4a b4d465 fbf6b2",
    "candy": "2d1b69 c2307f ff7a8a ffc48c fff3c9",
    "neon": "0a0420 3d0f8f c218b8 ff4fa0 6ff7ff",
    "ice": "0b1a3c 22559c 5fa8dc b9e3f5 ffffff",
    "peacock": "071b2c 0b5563 19a58c 8ee06c fff27a",
    "sunset": "1c1147 712a8a d94a7b ff8c5a ffe08a",
    "copper": "100a14 4a2032 a8553e e8a568 fdf0d0",
    "berry": "16071f 501246 a8226a f0708f ffd9cf",
    "aqua": "04202c 0d6b78 2fb7ab a6ecc9 fefbe0",
    "autumn": "2a0f12 7a2218 cf5a1e f2a93a fbe6a0",
    "spring": "1d4d3e 57a46a c8dd6a ffd1d8 ff8fb0",
    "rainbow": "e8505b f9a03f f7e05a 5fc77a 3fa7d6 7a5fc7 d65fae",
    "pastel": "f7b7c5 fbd9a5 f8f3b5 bfe6c1 a9d9ee c9b8ec",
    "retro": "264653 2a9d8f e9c46a f4a261 e76f51",
    "mosaic": "0d3b66 1f7a8c f4d35e ee964b f95738 8c2f6b",
    "cream": "fff8e7 f9dcc4 f8ad9d e56b6f 6d3b68",
    "jade": "03150f 0b4a3a 1f8f6a 7fd0a0 effbe0",
    "marine": "0a1033 263b8c 3f7fd0 8cc6ee f7e9d0",
}


# ---------------------------------------------------------------- helpers

def rgb(code):
    """Colour of a six-digit hex code as three numbers 0..1."""
    return np.array([int(code[i:i + 2], 16) / 255 for i in (0, 2, 4)])


def blend(a, b, t):
    """Straight mix of a and b, t=0 gives a."""
    return a + (b - a) * t


def smoothstep(lo, hi, x):
    """Hermite step from 0 at lo to 1 at hi."""
    t = np.clip((x - lo) / (hi - lo), 0, 1)
    return t * t * (3 - 2 * t)


# Linear sRGB to OKLab: cone response, cube root, then this second matrix.
TO_CONE = np.array([[.4122214708, .5363325363, .0514459929],
                    [.2119034982, .6806995451, .1073969566],
                    [.0883024619, .2817188376, .6299787005]])
TO_LAB = np.array([[.2104542553, .7936177850, -.0040720468],
                   [1.9779984951, -2.4285922050, .4505937099],
                   [.0259040371, .7827717662, -.8086757660]])


@functools.lru_cache(maxsize=None)
def ramp_table(name, cyclic):
    """1024 colours of a palette, interpolated in OKLab so that mixes stay clear."""
    stops = np.array([rgb(code) for code in PALETTES.get(name, name).split()])
    if cyclic:
        stops = np.vstack([stops, stops[-2::-1]])
    lab = np.cbrt(stops ** 2.2 @ TO_CONE.T) @ TO_LAB.T
    at = np.linspace(0, len(stops) - 1, 1024)
    lab = np.stack([np.interp(at, range(len(stops)), lab[:, k]) for k in range(3)], 1)
    linear = (lab @ np.linalg.inv(TO_LAB).T) ** 3 @ np.linalg.inv(TO_CONE).T
    return (np.clip(linear, 0, 1) ** (1 / 2.2)).astype(np.float32)


def ramp(name, t, cyclic=False):
    """Colours of a palette at t (0..1, or any number when cyclic)."""
    t = np.asarray(t, dtype=np.float64)
    t = t % 1.0 if cyclic else np.clip(t, 0, 1)
    return ramp_table(name, cyclic)[(t * 1023).astype(np.int32)]


def grid(w, h, unit=None):
    """Pixel centres x, y divided by unit (the height unless given)."""
    unit = unit or h
    x, y = np.meshgrid(np.arange(w) + .5, np.arange(h) + .5)
    return (x / unit).astype(np.float32), (y / unit).astype(np.float32)


def centred(w, h):
    """Coordinates with 0 in the middle and 1 at the nearer edge."""
    x, y = grid(w, h, min(w, h) / 2)
    return x - w / min(w, h), y - h / min(w, h)


def noise(rng, x, y, octaves=5, gain=.5):
    """Gradient noise summed over octaves, each turned and twice as fine; about -1..1."""
    x, y = np.broadcast_arrays(np.float32(x), np.float32(y))
    total, amp, norm = np.zeros(x.shape, np.float32), 1.0, 0.0
    for _ in range(octaves):
        turn = rng.random((64, 64), dtype=np.float32) * np.float32(TAU)
        gx, gy = np.cos(turn).ravel(), np.sin(turn).ravel()
        xi, yi = np.floor(x), np.floor(y)
        fx, fy = x - xi, y - yi
        xi, yi = xi.astype(np.int32), yi.astype(np.int32)
        u, v = (f * f * f * (f * (f * 6 - 15) + 10) for f in (fx, fy))
        corner = []
        for dy in (0, 1):
            for dx in (0, 1):
                at = ((yi + dy) & 63) * 64 + ((xi + dx) & 63)
                corner.append(gx[at] * (fx - dx) + gy[at] * (fy - dy))
        total += amp * blend(blend(corner[0], corner[1], u),
                             blend(corner[2], corner[3], u), v)
        norm += amp * amp
        x, y = 1.6 * x + 1.2 * y + 17.3, 1.6 * y - 1.2 * x + 5.7
        amp *= gain
    return total * np.float32(1.9 / math.sqrt(norm))


def to_image(colour, alpha=None):
    """Picture of float arrays 0..1."""
    if alpha is not None:
        colour = np.dstack([colour, alpha])
    return Image.fromarray((np.clip(colour, 0, 1) * 255 + .5).astype(np.uint8))


def supersampled(factor):
    """Decorator: paint at factor times the size, then average down."""
    def wrap(paint):
        @functools.wraps(paint)
        def bigger(rng, w, h, **options):
            return paint(rng, w * factor, h * factor, **options).reduce(factor)
        return bigger
    return wrap


def add_light(img, light, colour):
    """Screen-blends a light map of one colour into img, in place."""
    img[:] = 1 - (1 - img) * (1 - np.clip(light, 0, 1)[..., None] * colour)


def paint_below(img, ridge, top, bottom, fade):
    """Fills everything under the ridge line (pixels), from top to bottom colour."""
    first = int(max(0, min(img.shape[0] - 1, ridge.min() - 1)))
    y = np.arange(first, img.shape[0])[:, None] + .5
    cover = np.clip(y - ridge[None] + .5, 0, 1)[..., None]
    depth = np.clip((y - ridge[None]) / fade, 0, 1)[..., None]
    img[first:] = blend(img[first:], blend(top, bottom, depth), cover)


def pines(rng, w, ridge, height):
    """Raises a ridge line by a row of pine outlines: cones with a saw edge."""
    x, best = np.arange(w) + .5, np.zeros(w)
    for _ in range(int(w / height * 10)):
        tall = height * rng.uniform(.35, 1.1)
        d = np.abs(x - rng.uniform(0, w)) / (tall * .24)
        d = d + .16 * ((d * 4.5) % 1) - .05
        best = np.maximum(best, tall * np.clip(1 - d, 0, 1))
    return ridge - best


def add_stars(rng, img, count, lowest=1.0):
    """Scatters stars: many faint single pixels and some soft bright ones."""
    h, w = img.shape[:2]
    for k in range(count):
        size = .5 + (h / 900) * rng.pareto(3.5) if k % 6 == 0 else .45
        size = min(size, h / 350 + .6)
        r = int(size * 3) + 1
        cx, cy = rng.uniform(r, w - r), rng.uniform(r, max(r + 1, h * lowest - r))
        x0, y0 = int(cx) - r, int(cy) - r
        part = img[max(y0, 0):y0 + 2 * r + 1, max(x0, 0):x0 + 2 * r + 1]
        yy, xx = np.mgrid[0:part.shape[0], 0:part.shape[1]]
        d2 = (xx + max(x0, 0) + .5 - cx) ** 2 + (yy + max(y0, 0) + .5 - cy) ** 2
        tint = ramp("9fc4ff ffffff ffe2b8", rng.random())
        add_light(part, rng.uniform(.35, 1) * np.exp(-d2 / (2 * size * size)), tint)


# ------------------------------------------------------------- landscapes

def mountains(rng, w, h, sky="dawn", land="bluehills", sun=(.65, .45), layers=6,
              gain=.5, trees=0.0):
    """Mountain layers in fog: one-dimensional noise ridges, paler with distance."""
    x, y = grid(w, h)
    img = ramp(sky, y * 1.35)
    light = ramp(sky, 1.0)
    d = np.hypot(x - sun[0] * w / h, y - sun[1])
    add_light(img, .75 * np.exp(-d * 3.2), light)
    add_light(img, smoothstep(.052, .048, d), blend(light, 1, .6))
    for _ in range(3):
        veil = noise(rng, x * 1.3, y * 9 + rng.uniform(0, 50), 4)
        add_light(img, .22 * smoothstep(.1, .9, veil), light)
    for i in range(layers):
        f = i / (layers - 1)
        wave = noise(rng, x[0] * (1.1 + .5 * f), 7.3 * i + .37, 8, gain)
        ridge = h * (.46 + .46 * f ** 1.15 - (.17 - .07 * f) * wave)
        if trees and i >= layers - 2:
            ridge = pines(rng, w, ridge, h * trees * (.5 + .5 * (i == layers - 1)))
        top = ramp(land, f)
        paint_below(img, ridge, top, blend(top, light, .65 * (1 - f)), h * .3)
    return to_image(img)


def dunes(rng, w, h, sky="gold", land="sand", sun=(.3, .3)):
    """Sand dunes: smooth noise crests, each lit on one side and rippled."""
    x, y = grid(w, h)
    img = ramp(sky, y * 1.7)
    d = np.hypot(x - sun[0] * w / h, y - sun[1])
    add_light(img, .8 * np.exp(-d * 3), ramp(sky, 1.0))
    add_light(img, smoothstep(.07, .064, d), np.ones(3))
    for i in range(6):
        f = i / 5
        crest = .52 + .4 * f - .1 * noise(rng, x[0] * (1.0 + .2 * i), i * 3.1, 2, .35)
        below = np.maximum(y - crest, 0)
        fold = noise(rng, x * 1.8 + below * 3.5, np.full_like(y, i * 5.5), 2)
        ripple = np.sin((y * 1.6 + below * x * .6) * (260 - 120 * f) + 6 * fold)
        shade = .12 + .66 * f + .22 * fold + .03 * f * ripple - .25 * np.exp(-below * 14)
        cover = np.clip((y - crest) * h + .5, 0, 1)[..., None]
        img = blend(img, ramp(land, shade), cover)
    return to_image(img)


def seascape(rng, w, h, sky="dusk", sun=(.5, .5), horizon=.6, islands=.05, boat=0.0):
    """Sunset over the sea: the sky mirrored in noise ripples, with a glitter path."""
    x, y = grid(w, h)
    cx, light = sun[0] * w / h, ramp(sky, 1.0)
    up = np.clip(y / horizon, 0, 1)
    img = ramp(sky, up ** 1.2)
    d = np.hypot(x - cx, y - sun[1])
    clouds = noise(rng, x * 1.6, y * 8, 6)
    lit = blend(ramp(sky, up ** 1.2 - .22), light, (np.exp(-d * 2.5) * .8)[..., None])
    img = blend(img, lit, (.8 * smoothstep(.05, .8, clouds))[..., None])
    add_light(img, .85 * np.exp(-d * 4), light)
    add_light(img, smoothstep(.068, .062, d), blend(light, 1, .7))
    yy = np.clip((y - horizon) / (1 - horizon), 0, 1)
    near = 1 / (yy + .1)
    wave = noise(rng, (x - cx) * 5 * near ** .8, 22 * np.log(yy + .1), 4, .6)
    sea = ramp(sky, .92 - yy * .75 + wave * .13) * (.82 - .25 * yy)[..., None]
    path = np.exp(-((x - cx) / (.045 + .2 * yy)) ** 2)
    add_light(sea, path * (.25 + smoothstep(-.1, .6, wave)) * .9, blend(light, 1, .3))
    img = np.where((y > horizon)[..., None], sea, img)
    rise = noise(rng, x[0] * 1.1, 3.3, 7) - .1 - .8 * np.exp(-((x[0] - cx) * 3) ** 2)
    rise = islands * np.clip(rise * 2, 0, 2)
    stretch = np.where(y > horizon, 1 + wave * .25, 1)
    cover = smoothstep(-.5, .5, (rise[None] - np.abs(y - horizon) * stretch) * h)
    cover = cover * (rise[None] > 0) * np.where(y > horizon, .7, 1)
    img = blend(img, ramp(sky, .06) * .7, cover[..., None])
    out = to_image(img)
    return add_boat(out, boat * w, h * (horizon + .1), h * .09, sky) if boat else out


def add_boat(img, x, y, size, sky):
    """A little sailing boat with its reflection, drawn four times too large first."""
    layer = Image.new("RGBA", (400, 400))
    draw = ImageDraw.Draw(layer)
    hull = tuple(int(c * 160) for c in ramp(sky, .05)) + (255,)
    sail = tuple(int(c * 255) for c in blend(ramp(sky, .1), ramp(sky, .9), .25)) + (255,)
    draw.polygon([(90, 172), (310, 172), (270, 200), (125, 200)], fill=hull)
    draw.polygon([(205, 10), (205, 160), (290, 160)], fill=sail)
    draw.polygon([(195, 30), (195, 160), (110, 160)], fill=hull)
    mirror = layer.crop((0, 0, 400, 200)).transpose(Image.FLIP_TOP_BOTTOM)
    mirror.putalpha(mirror.getchannel("A").point(lambda a: a * 2 // 5))
    layer.paste(mirror, (0, 200))
    n = int(size * 2)
    img.paste(layer.resize((n, n), Image.LANCZOS), (int(x), int(y - size)),
              layer.resize((n, n), Image.LANCZOS))
    return img


def night_sky(rng, w, h, sky="night", moon=(.7, .28, .09), crescent=0.0, trees=.16):
    """Stars, a noise milky way and a moon above dark pine hills."""
    x, y = grid(w, h)
    img = ramp(sky, y ** 1.3 * 1.05)
    band = (x - .5 * w / h) * .55 + (y - .35) * .8 + .1 * noise(rng, x * 2, y * 2, 3)
    dust = noise(rng, x * 4, y * 4, 6)
    glow = np.exp(-(band * 4.2) ** 2) * (.4 + .5 * dust)
    add_light(img, glow * .75, blend(ramp(sky, .9), 1, .25))
    add_stars(rng, img, int(1100 * math.sqrt(w / h)), .95)
    dx, dy = x - moon[0] * w / h, y - moon[1]
    d = np.hypot(dx, dy) / moon[2]
    face = .86 + .16 * noise(rng, dx / moon[2] * 1.6 + 9, dy / moon[2] * 1.6, 4)
    cover = smoothstep(1 + .7 / (moon[2] * h), 1 - .7 / (moon[2] * h), d)
    if crescent:
        bite = np.hypot(dx - crescent * moon[2], dy + .3 * crescent * moon[2]) / moon[2]
        cover = cover * smoothstep(.92, 1.0, bite)
    add_light(img, .4 * np.exp(-np.maximum(d - 1, 0) * 1.3) * (1 - cover), ramp(sky, 1.0))
    img = blend(img, face[..., None] * rgb("fff6de"), cover[..., None])
    for i in range(4):
        ridge = h * (.72 + .075 * i - .07 * noise(rng, x[0] * 1.4, i * 4.7, 7, .5))
        if trees and i > 1:
            ridge = pines(rng, w, ridge, h * trees * (i - 1) / 2)
        top = ramp(sky, .55 - .18 * i) * (.8 - .1 * i)
        paint_below(img, ridge, top, blend(top, ramp(sky, .8), .3 - .08 * i), h * .25)
    return to_image(img)


def aurora(rng, w, h, sky="deep", light="2bff9a 3fe0c0 7a6cff ff5fc8", trees=.2):
    """Northern lights: noise curtains with vertical rays, fading upwards."""
    x, y = grid(w, h)
    img = ramp(sky, y ** 1.6 * .8)
    add_stars(rng, img, 700)
    for i in range(4):
        foot = .62 - .09 * i + .2 * noise(rng, x[0] * .9, 2.9 * i, 3)
        rays = .55 + .45 * noise(rng, x[0] * 26, 1.7 * i, 3) + .3 * noise(rng, x[0] * 3, i, 2)
        tall = .22 + .12 * noise(rng, x[0] * 2.5, 8.1 * i, 2)
        up = (foot[None] - y) / np.maximum(tall[None], .08)
        glow = np.where(up > 0, np.exp(-np.maximum(up, 0) * 1.4), np.exp(up * 9))
        add_light(img, .8 * glow * np.clip(rays, .05, 1)[None], ramp(light, up * .45))
    for i in range(3):
        ridge = h * (.8 + .07 * i - .05 * noise(rng, x[0] * 1.7, i * 4.7, 6))
        ridge = pines(rng, w, ridge, h * trees * (i + 1) / 3) if i else ridge
        top = ramp(sky, .42 - .18 * i)
        paint_below(img, ridge, top, top * .6, h * .2)
    return to_image(img)


@supersampled(2)
def skyline(rng, w, h, sky="plum", lamp="ffe9a8 ffc46b 9fdcff", layers=4):
    """A town at night: rows of random towers with lit windows, paler with distance."""
    x, y = grid(w, h)
    img = ramp(sky, y * 1.15)
    add_stars(rng, img[: h // 2], 250)
    d = np.hypot(x - .72 * w / h, y - .3)
    add_light(img, .5 * np.exp(-d * 4), ramp(sky, 1.0))
    add_light(img, smoothstep(.095, .092, d), blend(ramp(sky, 1.0), 1, .5))
    out = to_image(img)
    draw = ImageDraw.Draw(out)
    for i in range(layers):
        f, left = i / (layers - 1), -rng.uniform(0, .05) * h
        body = ramp(sky, .72 - .66 * f) * (.9 - .2 * f)
        cell = h * (.008 + .008 * f)
        while left < w:
            wide = cell * rng.integers(7, 15)
            top = h * (.5 + .3 * f - rng.uniform(0, .24))
            fill = tuple(int(255 * c) for c in body * rng.uniform(.85, 1.1))
            draw.rectangle([left, top, left + wide - cell * .4, h], fill=fill)
            if rng.random() < .3:
                mid = left + wide / 2
                mast = top - cell * rng.uniform(3, 7)
                draw.line([mid, mast, mid, top], fill, int(cell * .35) + 1)
            for wy in np.arange(top + cell, h, cell * 2):
                for wx in np.arange(left + cell, left + wide - cell * 1.5, cell * 1.6):
                    if rng.random() < .16 + .3 * f:
                        glow = blend(body, ramp(lamp, rng.random() ** 2), .35 + .6 * f)
                        draw.rectangle([wx, wy, wx + cell * .8, wy + cell],
                                       tuple(int(255 * c) for c in glow))
            left += wide
    return out


@supersampled(2)
def paper_waves(rng, w, h, pal="sunset", layers=9, disc=True):
    """Cut-paper waves: sine sheets stacked with soft shadows."""
    x, y = grid(w, h)
    img = ramp(pal, 1 - y * .25)
    if disc:
        add_light(img, smoothstep(.163, .16, np.hypot(x - .62 * w / h, y - .3)), rgb("fffaf0"))
    for i in range(layers):
        f = (i + 1) / layers
        a, b, c = rng.uniform(0, TAU, 3)
        line = (.26 + .68 * f + .055 * np.sin(x[0] * 2.7 + a) + .03 * np.sin(x[0] * 5.9 + b)
                + .012 * np.sin(x[0] * 11 + c))
        gap = line[None] - y
        img *= np.where(gap > 0, 1 - .4 * np.exp(-gap * 28), 1)[..., None]
        top = ramp(pal, .85 - .85 * f)
        paint_below(img, line * h, blend(top, 1, .1), top, h * .16)
    return to_image(img)


# ------------------------------------------------------------------ space

def nebula(rng, w, h, pal="violet", second="deep"):
    """A gas cloud: noise whose coordinates are bent by noise, sown with stars."""
    x, y = grid(w, h, max(w, h) / 2.2)
    bx, by = noise(rng, x, y, 4), noise(rng, x + 9, y + 4, 4)
    gas = noise(rng, x + .4 * bx, y + .4 * by, 7, .55)
    other = noise(rng, x * .8 - .3 * by, y * .8 + .3 * bx, 6)
    img = ramp(pal, .42 + .42 * gas + .2 * bx) * smoothstep(-.75, .6, gas)[..., None] ** 1.5
    add_light(img, .8 * smoothstep(-.2, .8, other), ramp(second, .55 + .4 * other))
    img *= (1 - .65 * smoothstep(.1, .8, noise(rng, x * 1.2 + .3 * by, y * 1.2, 6)))[..., None]
    add_stars(rng, img, int(900 * math.sqrt(w / h)))
    return to_image(img)


def galaxy(rng, w, h, pal="violet", arms=2, tilt=.6, wind=3.2):
    """A spiral galaxy: brightness along logarithmic spirals, broken up by noise."""
    x, y = centred(w, h)
    x, y = x * .87 - y * .5, (x * .5 + y * .87) / tilt
    r, a = np.hypot(x, y) + 1e-4, np.arctan2(y, x)
    twist = a + wind * np.log(r + .05)
    grain = noise(rng, 3 * r * np.cos(twist) + 7, 3 * r * np.sin(twist), 6, .6)
    arm = np.cos(arms * twist + 1.2 * grain) * .5 + .5
    disc = np.exp(-r * 1.8)
    glow = disc * (.25 + 1.5 * arm ** 2 * (.75 + .6 * grain)) + 1.1 * np.exp(-(r * 5.5) ** 2)
    img = ramp(pal, .06 + .85 * glow ** .7) * np.clip(glow * 2.8, .15, 1)[..., None]
    add_light(img, smoothstep(.35, 1.1, grain) * arm * disc * 1.3, rgb("ff6fa8"))
    add_light(img, np.exp(-r * 7), rgb("fff1cf"))
    add_stars(rng, img, 700)
    return to_image(img)


def planet_skin(rng, kind, pal, px, py, pz):
    """Surface colour of a planet at points of the unit sphere."""
    n = functools.partial(noise, rng)
    if kind == "gas":
        warp = n(px * 2.2 + pz, py * 5, 5)
        bands = n(py * 4.6 + .18 * warp, np.full_like(py, .5), 3, .7)
        storm = np.exp(-((px + .3) ** 2 * 22 + (py - .33) ** 2 * 90))
        return ramp(pal, .55 + .42 * bands + .08 * warp + .45 * storm)
    rough = n(px * 2.1 + pz * .7, py * 2.1 - pz * .5, 7, .55)
    if kind == "earth":
        land = ramp("e8d9a0 7fb25a 3f8a4a 6d7a4a c9b894", (rough - .02) * 1.1)
        col = np.where((rough > 0)[..., None], land, ramp(pal, .62 + .6 * rough))
        polar = smoothstep(.78, .88, np.abs(py) + .12 * rough)
        cloud = smoothstep(.15, .8, n(px * 2 + .5 * rough, py * 4.5 + pz, 6))
        return blend(col, 1, np.maximum(polar, .85 * cloud)[..., None])
    if kind == "lava":
        crack = 1 - np.abs(n(px * 2.6 + .4 * rough, py * 2.6 + pz, 5))
        return ramp(pal, .12 + .1 * rough + .85 * smoothstep(.62, 1, crack) ** 1.6)
    pits = np.zeros_like(px)
    for _ in range(26):
        v = rng.normal(size=3)
        v /= np.linalg.norm(v)
        size = rng.uniform(.08, .3)
        d = np.sqrt((px - v[0]) ** 2 + (py - v[1]) ** 2 + (pz - abs(v[2])) ** 2) / size
        pits += np.exp(-((d - 1) * 6) ** 2) * .2 - .22 * smoothstep(1, .7, d)
    return ramp(pal, .6 + .3 * rough + pits)


@supersampled(2)
def planet(rng, w, h, kind="gas", pal="copper", rings="", air="ffffff", fill=.9):
    """A lit ball with noise skin, thin air and maybe rings, on nothing."""
    x, y = centred(w, h)
    radius = .52 if rings else fill
    x, y = x / radius, y / radius
    r2 = x * x + y * y
    pz = np.sqrt(np.clip(1 - r2, 0, 1))
    c, s = math.cos(.38), math.sin(.38)
    px, py = x * c - y * s, x * s + y * c
    col = planet_skin(rng, kind, pal, px, py, pz)
    light = np.clip(-.55 * x - .45 * y + .72 * pz, 0, 1)
    glow = .55 if kind == "lava" else .07
    col = col * (glow + (1.1 - glow) * light ** .8)[..., None]
    add_light(col, .55 * (1 - pz) ** 3 * (light + .1), rgb(air))
    edge = .5 * radius * min(w, h)
    alpha = np.clip((1 - np.sqrt(r2)) * edge + .5, 0, 1)
    halo = .45 * np.exp(-np.maximum(np.sqrt(r2) - 1, 0) * 16) * np.clip(light + .25, 0, 1)
    halo *= np.clip((1 / radius - np.sqrt(r2)) * 9, 0, 1)
    col = blend(rgb(air), col, alpha[..., None])
    alpha = np.maximum(alpha, halo)
    if rings:
        q = np.hypot(px, py * 3.4)
        band = smoothstep(1.22, 1.26, q) * smoothstep(1.9, 1.86, q)
        band *= .8 + .35 * noise(rng, q * 16, np.full_like(q, .5), 3, .8)
        band *= 1 - .8 * np.exp(-((q - 1.62) * 40) ** 2)
        band = np.clip(band, 0, 1) * .92 * ~((r2 < 1) & (py < 0))
        shadow = 1 - .75 * ((r2 < 1.5) & (x > .25) & (y > -.1) & (py < .2))
        col = blend(col, ramp(rings, (q - 1.2) / .7) * shadow[..., None], band[..., None])
        alpha = np.maximum(alpha, band)
    return to_image(col, alpha)


# --------------------------------------------------------------- fractals

def escape_times(z, c, limit, power=2, ship=False):
    """Smooth escape count of z -> z^power + c for each point; 0 where it stays."""
    shape, z, c = z.shape, z.ravel(), np.broadcast_to(c, z.shape).ravel()
    count, alive = np.zeros(z.size), np.arange(z.size)
    for n in range(1, limit):
        if ship:
            z = np.abs(z.real) + 1j * np.abs(z.imag)
        z = (z * z if power == 2 else z ** power) + c
        size = z.real ** 2 + z.imag ** 2
        out = size > 1e4
        if out.any():
            count[alive[out]] = n + 1 - np.log(.5 * np.log(size[out])) / math.log(power)
            z, c, alive = z[~out], c[~out], alive[~out]
    return count.reshape(shape)


def paint_escape(count, pal, turns, inside):
    """Spreads escape counts evenly over a cyclic palette by their logarithm."""
    out = count > 0
    t = np.log(np.maximum(count, 1e-3))
    lo, hi = np.percentile(t[out], [.5, 99.5])
    col = ramp(pal, (t - lo) / (hi - lo) * turns, cyclic=True)
    return to_image(np.where(out[..., None], col, rgb(inside)))


@supersampled(2)
def julia(rng, w, h, c=-.8 + .156j, zoom=1.5, at=0j, pal="sunset", turns=.5, power=2,
          inside="0a0614"):
    """Julia set of z^power + c, smooth escape-time colouring."""
    x, y = centred(w, h)
    z = (x.astype(np.float64) + 1j * y) * zoom + at
    return paint_escape(escape_times(z, np.complex128(c), 260, power), pal, turns, inside)


@supersampled(2)
def mandelbrot(rng, w, h, at=-.7 + 0j, zoom=1.3, pal="marine", turns=1.0, limit=500,
               ship=False, inside="05060f"):
    """Part of the Mandelbrot set (or burning ship), smooth escape-time colouring."""
    x, y = centred(w, h)
    c = (x.astype(np.float64) + 1j * y) * zoom + at
    return paint_escape(escape_times(np.zeros_like(c), c, limit, 2, ship), pal, turns, inside)


@supersampled(2)
def newton(rng, w, h, power=3, zoom=1.4, pal="retro", relax=1.0):
    """Newton's method on z^power = 1: colour by root, shade by number of steps."""
    x, y = centred(w, h)
    z = (x.astype(np.float64) + 1j * y) * zoom + (.013 + .017j)
    near = np.zeros(z.shape)
    for _ in range(36):
        z = z - relax * (z ** power - 1) / (power * z ** (power - 1) + 1e-12)
        near += np.exp(-np.abs(z ** power - 1))
    root = np.round(np.angle(z) / TAU * power) % power
    shade = np.clip((near - near.min()) / (near.max() - near.min()), 0, 1) ** 2.2
    col = ramp(pal, (root + .5) / power) * (.18 + .82 * shade)[..., None]
    add_light(col, .45 * smoothstep(.8, 1, shade), rgb("fff4d8"))
    return to_image(col)


@supersampled(3)
def plant(rng, w, h, rule="F[+X]F[-X]X", turn=30, leaf="spring", wood="4a2e2a",
          sky="", depth=6, leaf_size=.012, grow=.62):
    """A tree of a bracketed L-system: X -> rule, with wavering turns and leaves."""
    img = to_image(ramp(sky, grid(w, h)[1])) if sky else Image.new("RGBA", (w, h))
    draw, leaves = ImageDraw.Draw(img), []
    bark = tuple(int(255 * c) for c in rgb(wood))

    def branch(x, y, heading, length, level):
        if level == 0:
            leaves.append((x, y))
            return
        for symbol in rule:
            if symbol == "F":
                bend = heading + rng.normal(0, 5)
                nx = x + length * math.sin(math.radians(bend))
                ny = y - length * math.cos(math.radians(bend))
                heading *= .93
                draw.line([x, y, nx, ny], bark, max(2, int(length * .2)))
                x, y = nx, ny
            elif symbol in "+-":
                heading += (1 if symbol == "+" else -1) * turn * rng.uniform(.7, 1.3)
            elif symbol == "[":
                stack.append((x, y, heading))
            elif symbol == "]":
                x, y, heading = stack.pop()
            else:
                branch(x, y, heading, length * grow * rng.uniform(.9, 1.1), level - 1)

    stack = []
    if sky:
        draw.ellipse([-w * .3, h * .93, w * 1.3, h * 1.4], bark)
    branch(w / 2, h * .96, 0, h * .17, depth)
    rng.shuffle(leaves)
    for x, y in leaves:
        r = leaf_size * h * rng.uniform(.6, 1.5)
        fill = tuple(int(255 * c) for c in ramp(leaf, .35 + .65 * rng.random()))
        draw.ellipse([x - r, y - r, x + r, y + r], fill)
    return img


# ------------------------------------------------------------- attractors

def attractor(rng, w, h, kind="clifford", k=(-1.4, 1.6, 1.0, .7), pal="sunset", back="07060f"):
    """Density of a Clifford or de Jong map; hue from the mean step, light from log count."""
    a, b, c, d = k
    x, y = rng.uniform(-1, 1, (2, 40000))
    runs, points = 230, []
    for n in range(runs):
        if kind == "clifford":
            nx = np.sin(a * y) + c * np.cos(a * x)
            ny = np.sin(b * x) + d * np.cos(b * y)
        else:
            nx = np.sin(a * y) - np.cos(b * x)
            ny = np.sin(c * x) - np.cos(d * y)
        step = np.hypot(nx - x, ny - y)
        x, y = nx, ny
        if n >= 20:
            points.append((x.astype(np.float32), y.astype(np.float32), step.astype(np.float32)))
    xs, ys, steps = (np.concatenate(p) for p in zip(*points))
    spans = [np.ptp(xs), np.ptp(ys)]
    scale = .92 * min(w / spans[0], h / spans[1])
    px = ((xs - (xs.min() + xs.max()) / 2) * scale + w / 2).astype(np.int32)
    py = ((ys - (ys.min() + ys.max()) / 2) * scale + h / 2).astype(np.int32)
    at = np.clip(py, 0, h - 1) * w + np.clip(px, 0, w - 1)
    count = np.bincount(at, minlength=w * h).reshape(h, w)
    total = np.bincount(at, steps, minlength=w * h).reshape(h, w)
    light = np.log1p(count)
    light = np.clip(light / np.percentile(light[count > 0], 99.3), 0, 1)
    hue = total / np.maximum(count, 1)
    lo, hi = np.percentile(steps[::50], [3, 97])
    col = ramp(pal, .3 + .7 * (hue - lo) / (hi - lo))
    img = blend(rgb(back), col, (light ** .8)[..., None])
    add_light(img, .75 * smoothstep(.6, 1.05, light), rgb("fffaf0"))
    return to_image(img)


@supersampled(2)
def flow_field(rng, w, h, pal="sunset", back="120d24", count=1500, steps=70, scale=1.6):
    """Ink lines that follow a noise direction field."""
    x, y = rng.uniform(-.05, 1.05, (2, count))
    x = x * w / h
    tint = np.clip(.5 + .5 * noise(rng, x * 1.3, y * 1.3, 2) + rng.normal(0, .08, count), 0, 1)
    seed, path = int(rng.integers(1 << 30)), [(x * h, y * h)]
    for _ in range(steps):
        turn = noise(np.random.default_rng(seed), x * scale, y * scale, 2, .35) * 2.6
        x, y = x + .006 * np.cos(turn), y + .006 * np.sin(turn)
        path.append((x * h, y * h))
    img = to_image(np.broadcast_to(rgb(back), (h, w, 3)))
    draw, path = ImageDraw.Draw(img), np.array(path)
    wide = np.maximum(1, h / 1000 * rng.uniform(1.2, 5, count)).astype(int)
    for k in range(count):
        end = rng.integers(steps // 3, steps)
        fill = tuple(int(255 * v) for v in ramp(pal, .2 + .8 * tint[k]))
        draw.line([tuple(p) for p in path[:end, :, k]], fill, int(wide[k]), joint="curve")
    return img


# --------------------------------------------------------------- patterns

@supersampled(2)
def stained_glass(rng, w, h, pal="mosaic", count=90, layout="random", lead=.011):
    """Voronoi cells as coloured glass in lead: nearest against second-nearest seed."""
    x, y = grid(w, h, min(w, h))
    wide, tall = w / min(w, h), h / min(w, h)
    if layout == "sunflower":
        r = np.sqrt(np.arange(count) / count) * math.hypot(wide, tall) * .52
        a = np.arange(count) * GOLDEN_ANGLE
        seeds = np.stack([wide / 2 + r * np.cos(a), tall / 2 + r * np.sin(a)], 1)
    else:
        seeds = rng.random((1, 2)) * (wide, tall)
        while len(seeds) < count:
            tries = rng.random((12, 2)) * (wide, tall)
            gap = np.hypot(*(tries[:, None] - seeds[None]).transpose(2, 0, 1)).min(1)
            seeds = np.vstack([seeds, tries[gap.argmax()]])
    first, second = np.full(x.shape, 9, np.float32), np.full(x.shape, 9, np.float32)
    owner = np.zeros(x.shape, np.int32)
    for k, (sx, sy) in enumerate(seeds):
        d = np.hypot(x - np.float32(sx), y - np.float32(sy))
        closer = d < first
        second = np.where(closer, first, np.minimum(second, d))
        first = np.where(closer, d, first)
        owner[closer] = k
    away = np.hypot(seeds[:, 0] - wide / 2, seeds[:, 1] - tall / 2) / math.hypot(wide, tall) * 2
    spread = .08 if layout == "sunflower" else .3
    tint = ramp(pal, (away * 1.05 + rng.normal(0, spread, count)) * .999, cyclic=True)
    col = tint[owner] * (1.12 - 1.6 * first)[..., None]
    edge = second - first
    add_light(col, .3 * smoothstep(.01, .1, edge) * (1 - y / tall), np.ones(3))
    img = blend(rgb("14121a"), col, smoothstep(lead, lead * 1.5, edge)[..., None])
    return to_image(img)


@supersampled(3)
def truchet(rng, w, h, pal="retro", cells=8, kind="arcs", rings=3):
    """Truchet tiles: quarter rings or triangles, each tile turned by chance."""
    tile = min(w, h) / cells
    x, y = grid(w, h, tile)
    ix, iy = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = x - ix, y - iy
    turn = rng.integers(0, 4, (iy.max() + 1, ix.max() + 1))[iy, ix]
    fx = np.where(turn & 1, 1 - fx, fx)
    if kind == "triangles":
        fy = np.where(turn & 2, 1 - fy, fy)
        tone = rng.integers(0, 5, (iy.max() + 1, ix.max() + 1, 2))
        pick = np.where(fx > fy, tone[iy, ix, 0], tone[iy, ix, 1])
        return to_image(ramp(pal, (pick + .02) / 4.1))
    d1, d2 = np.hypot(fx, fy), np.hypot(1 - fx, 1 - fy)
    d = np.abs(np.minimum(d1, d2) - .5)
    if kind == "arcs":
        band = np.floor(d * 2 * (rings + .5))
        return to_image(ramp(pal, 1 - band / rings))
    near = (d1 < d2) ^ ((ix + iy + turn) % 2 == 0)
    back = ramp(pal, np.where(near & (d1 + d2 > 0), .0, .12))
    line = blend(ramp(pal, .35 + .65 * iy / iy.max()), 1, (.35 * smoothstep(.2, 0, d))[..., None])
    img = np.where((d < .19)[..., None], line, back)
    return to_image(np.where(((d > .14) & (d < .2))[..., None], rgb("120e1c"), img))


@supersampled(3)
def spirograph(rng, w, h, pal="neon", big=96, small=55, pen=.8, layers=7, back=""):
    """Hypotrochoids drawn with several pen lengths, coloured along the curve."""
    img = Image.new("RGBA", (w, h))
    if back:
        img = to_image(ramp(back, .3 * grid(w, h)[1]))
    draw = ImageDraw.Draw(img)
    turns, half = small // math.gcd(big, small), min(w, h) / 2 * .94
    t = np.linspace(0, TAU * turns, 60 * turns + 1)
    for k in range(layers):
        arm = small * pen * (1 - .09 * k)
        x = (big - small) * np.cos(t) + arm * np.cos((big - small) / small * t)
        y = (big - small) * np.sin(t) - arm * np.sin((big - small) / small * t)
        scale = half / (big - small + small * pen)
        x, y = w / 2 + x * scale, h / 2 + y * scale
        for i in range(len(t) - 1):
            tone = .35 + .65 * (.5 + .5 * math.sin(3 * t[i] / turns + k * .5))
            draw.line([x[i], y[i], x[i + 1], y[i + 1]],
                      tuple(int(255 * c) for c in ramp(pal, tone)), max(3, int(half / 110)))
    return img


@supersampled(3)
def phyllotaxis(rng, w, h, pal="sunset", count=700, shape="dots", back="15102a", turns=1.0):
    """Seeds at the golden angle and square-root radius, like a sunflower head."""
    img = Image.new("RGBA", (w, h))
    if back:
        img = to_image(np.broadcast_to(rgb(back), (h, w, 3)))
    draw, half = ImageDraw.Draw(img), min(w, h) / 2
    for n in range(count, 0, -1):
        f = n / count
        r, a = half * .93 * math.sqrt(f), n * GOLDEN_ANGLE
        x, y = w / 2 + r * math.cos(a), h / 2 + r * math.sin(a)
        size = half / math.sqrt(count) * (.45 + .5 * f)
        fill = tuple(int(255 * c) for c in ramp(pal, (1 - f) * turns + .12 * math.sin(a * 8), True))
        if shape == "dots":
            draw.ellipse([x - size, y - size, x + size, y + size], fill)
        else:
            c, s = math.cos(a) * size * 2.6, math.sin(a) * size * 2.6
            leaf = [(x + c, y + s), (x - s * .4, y + c * .4),
                    (x - c, y - s), (x + s * .4, y - c * .4)]
            draw.polygon(leaf, fill, tuple(v * 3 // 5 for v in fill))
    return img


def maze(rng, w, h, pal="rainbow", cell=16, wall="14121f"):
    """A depth-first maze, each room coloured by its walking distance from the middle."""
    cols, rows, thick = w // cell, h // cell, max(1, cell // 6)
    steps = ((1, 0), (-1, 0), (0, 1), (0, -1))
    here = (cols // 2, rows // 2)
    far, links, path = {here: 0}, [], [here]
    while path:
        x, y = path[-1]
        ways = [(x + dx, y + dy) for dx, dy in steps
                if 0 <= x + dx < cols and 0 <= y + dy < rows and (x + dx, y + dy) not in far]
        if not ways:
            path.pop()
            continue
        there = ways[rng.integers(len(ways))]
        far[there] = far[(x, y)] + 1
        links.append(((x, y), there))
        path.append(there)
    img = to_image(np.broadcast_to(rgb(wall), (h, w, 3)))
    draw, top = ImageDraw.Draw(img), max(far.values())
    ox, oy = (w - cols * cell) // 2, (h - rows * cell) // 2
    for (ax, ay), (bx, by) in links:
        tone = round(far[(bx, by)] / top * 62) / 62
        draw.rectangle([ox + min(ax, bx) * cell + thick, oy + min(ay, by) * cell + thick,
                        ox + max(ax, bx) * cell + cell - thick - 1,
                        oy + max(ay, by) * cell + cell - thick - 1],
                       tuple(int(255 * c) for c in ramp(pal, tone)))
    return img


def ripples(rng, w, h, pal="ocean", sources=4, waves=16, turns=.5):
    """Circular waves from a few points, added up: interference."""
    x, y = grid(w, h)
    total = np.zeros_like(x)
    for _ in range(sources):
        sx, sy = rng.uniform(-.1, 1.1) * w / h, rng.uniform(-.1, 1.1)
        total += np.cos(np.hypot(x - sx, y - sy) * waves * TAU)
    t = total / sources
    img = ramp(pal, .5 + turns * t)
    add_light(img, .5 * smoothstep(.45, 1, t), np.ones(3))
    return to_image(img * (.8 + .3 * smoothstep(-.8, .3, t))[..., None])


# --------------------------------------------------------------- textures

def marble(rng, w, h, pal="copper", scale=2.2, bend=.75, vein=.5):
    """Marbled paper: noise of coordinates moved twice by noise (domain warping)."""
    x, y = grid(w, h, max(w, h) / scale)
    ax, ay = noise(rng, x, y, 3, .4), noise(rng, x + 5.2, y + 1.3, 3, .4)
    bx = noise(rng, x + bend * ax, y + bend * ay, 4, .4)
    f = noise(rng, x + bend * bx, y + bend * ax, 4, .36)
    col = ramp(pal, .48 + .42 * f + .22 * bx)
    line = np.exp(-(f * 16) ** 2) + np.exp(-((f - .45) * 20) ** 2)
    add_light(col, vein * line * smoothstep(-.6, .6, ay), blend(ramp(pal, 1.0), 1, .4))
    gy, gx = np.gradient(f)
    relief = np.clip((gx + gy) * max(w, h) / scale * .03, -.2, .2)
    return to_image(col * (1 + relief)[..., None])


def plasma(rng, w, h, pal="neon", turns=1.0):
    """The classic plasma: sines of the coordinates, of their sum and of a distance."""
    x, y = grid(w, h, min(w, h) / 9)
    a, b, c = rng.uniform(0, TAU, 3)
    v = (np.sin(x + a) + np.sin(y * 1.3 + b) + np.sin((x + y) * .8 + c)
         + np.sin(np.hypot(x - 3 + 2 * np.sin(y * .6 + a), y - 3 + 2 * np.cos(x * .5)) * 1.6))
    return to_image(ramp(pal, v / 8 * turns + .5, cyclic=True))


def turing(rng, w, h, pal="peacock", feed=.037, kill=.06, steps=3600, zoom=3):
    """Gray-Scott reaction-diffusion, lit from the upper left like enamel."""
    gw, gh = w // zoom, h // zoom
    u, v = np.ones((gh, gw), np.float32), np.zeros((gh, gw), np.float32)
    for _ in range(gw * gh // 700):
        x, y = rng.integers(0, gw - 6), rng.integers(0, gh - 6)
        u[y:y + 6, x:x + 6], v[y:y + 6, x:x + 6] = .5, .3

    def laplace(f):
        p = np.pad(f, 1, mode="wrap")
        side = p[:-2, 1:-1] + p[2:, 1:-1] + p[1:-1, :-2] + p[1:-1, 2:]
        corner = p[:-2, :-2] + p[2:, 2:] + p[2:, :-2] + p[:-2, 2:]
        return .2 * side + .05 * corner - f

    for _ in range(steps):
        react = u * v * v
        u += laplace(u) - react + feed * (1 - u)
        v += .5 * laplace(v) + react - (feed + kill) * v
    big = Image.fromarray(v).resize((w, h), Image.BICUBIC)
    f = np.asarray(big) / np.percentile(v, 99)
    gy, gx = np.gradient(f)
    x, y = grid(w, h)
    drift = .16 * np.sin(x * 2.4 + y * 1.7)
    col = ramp(pal, .12 + .62 * smoothstep(.25, .85, f) + drift)
    slope = (gx + gy) * zoom * 2.2
    add_light(col, np.clip(slope, 0, .55), np.ones(3))
    return to_image(col * (1 - np.clip(-slope, 0, .5))[..., None])


def bokeh(rng, w, h, pal="sunset", count=90):
    """Lights out of focus: soft bright-rimmed discs over a blurred gradient."""
    x, y = grid(w, h)
    img = ramp(pal, .12 + .3 * y + .12 * noise(rng, x, y, 2)) * .6
    for k in range(count):
        size = rng.uniform(.02, .11) * (.6 + .7 * k / count)
        cx, cy = rng.uniform(0, w / h), np.clip(rng.normal(.55, .25), 0, 1)
        x0, x1 = (int(np.clip(v * h, 0, w)) for v in (cx - size * 1.2, cx + size * 1.2))
        y0, y1 = (int(np.clip(v * h, 0, h)) for v in (cy - size * 1.2, cy + size * 1.2))
        d = np.hypot(x[y0:y1, x0:x1] - cx, y[y0:y1, x0:x1] - cy) / size
        soft = .03 + .12 * rng.random()
        disc = smoothstep(1 + soft, 1 - soft, d) * (.55 + .45 * smoothstep(.5, 1, d))
        add_light(img[y0:y1, x0:x1], disc * rng.uniform(.12, .6), ramp(pal, rng.uniform(.4, 1)))
    return to_image(img)


def silk(rng, w, h, pal="berry", folds=5.0):
    """Folded cloth: a sine of noise gives the folds, its slope gives the sheen."""
    x, y = grid(w, h, max(w, h) / 2)
    bend = noise(rng, x * .9 + y * .4, y * .7, 2, .4)
    fold = np.sin(folds * (x * .5 + y * .9 + 1.1 * bend))
    gy, gx = np.gradient(fold + .5 * np.sin(2.3 * folds * bend))
    sheen = (gx * .6 - gy) * max(w, h) / (4 * folds)
    col = ramp(pal, .46 + .2 * fold + .36 * sheen)
    add_light(col, .4 * smoothstep(.55, 1.3, sheen), ramp(pal, 1.0))
    return to_image(col)


# ---------------------------------------------------------------- flowers

@supersampled(2)
def rose(rng, w, h, pal="berry", petals=5, layers=4, sharp=.7, heart="ffd75e"):
    """A flower of nested rose curves, r = |cos(k a)|, with veins and a seeded heart."""
    x, y = centred(w, h)
    r, a = np.hypot(x, y), np.arctan2(y, x)
    col, alpha = np.zeros((h, w, 3)), np.zeros((h, w))
    edge = min(w, h) / 2
    for k in range(layers):
        size = .95 * (1 - .72 * k / layers)
        turn = a + k * math.pi / petals + .25 * math.sin(k)
        lobe = np.abs(np.cos(turn * petals / 2)) ** sharp
        rim = size * (.22 + .78 * lobe)
        rim = rim * (1 + .02 * np.sin(turn * petals * 4))
        f = r / np.maximum(rim, 1e-3)
        vein = .05 * np.cos(turn * petals * 9) * smoothstep(.1, .6, f)
        tone = ramp(pal, .28 + .5 * f ** 1.5 + .12 * k / layers + vein)
        tone = tone * (.72 + .28 * lobe ** .6)[..., None]
        cover = np.clip((rim - r) * edge + .5, 0, 1)
        shade = 1 - .45 * np.exp(-np.maximum(r - rim, 0) * 26)
        col = blend(col * shade[..., None], tone, cover[..., None])
        alpha = np.maximum(alpha, cover)
    seeds = .5 + .5 * np.cos(r * 150) * np.cos(a * 18)
    disc = np.clip((.15 - r) * edge + .5, 0, 1)
    gold = rgb(heart) * (1.05 - 2.2 * r - .25 * seeds)[..., None]
    return to_image(blend(col, gold, disc[..., None]), np.maximum(alpha, disc))


# ---------------------------------------------------------------- sprites

class Painter:
    """Draws shaded polygons in unit coordinates on a large transparent square."""

    def __init__(self, size):
        self.size, self.n = size, size * (8 if size <= 96 else 4)
        self.img = Image.new("RGBA", (self.n, self.n))

    def mask(self, points, width=None):
        """Coverage of a polygon, or of its outline when a width is given."""
        out = Image.new("L", (self.n, self.n))
        at = [(px * self.n, py * self.n) for px, py in points]
        if width is None:
            ImageDraw.Draw(out).polygon(at, fill=255)
        else:
            ImageDraw.Draw(out).line(at + at[:2], 255, int(width * self.n), joint="curve")
        return out

    def fill(self, points, colours, opacity=1.0, line=None, width=.035, inside=None):
        """Fills with colours running downwards over the shape, then draws its outline."""
        ys = [p[1] for p in points]
        t = (np.arange(self.n) / self.n - min(ys)) / max(max(ys) - min(ys), 1e-6)
        column = to_image(ramp(colours, t)[:, None])
        cover = self.mask(points).point(lambda v: int(v * opacity))
        if inside is not None:
            cover = Image.composite(cover, Image.new("L", cover.size), self.mask(inside))
        self.under(column.resize((self.n, self.n), Image.NEAREST), cover)
        if line:
            flat = Image.new("RGB", (self.n, self.n), "#" + line)
            self.under(flat, self.mask(points, width))

    def under(self, paint, cover):
        """Lays opaque paint on the picture through a coverage mask."""
        paint = paint.convert("RGBA")
        paint.putalpha(cover)
        self.img.alpha_composite(paint)

    def done(self):
        """The picture at its final size."""
        return self.img.reduce(self.n // self.size)


def oval(cx, cy, rx, ry, first=0.0, last=360.0, turn=0.0):
    """Points of an ellipse or of a part of it, angles in degrees clockwise from right."""
    a = np.radians(np.linspace(first, last, 90))
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    x, y = rx * np.cos(a), ry * np.sin(a)
    return list(zip(cx + x * c - y * s, cy + x * s + y * c))


def smooth(points):
    """Closed Catmull-Rom curve through the points."""
    p = np.array(points, dtype=float)
    q = [np.roll(p, k, 0)[:, None] for k in (1, 0, -1, -2)]
    t = np.linspace(0, 1, 16, endpoint=False)[None, :, None]
    out = .5 * (2 * q[1] + (q[2] - q[0]) * t + (2 * q[0] - 5 * q[1] + 4 * q[2] - q[3]) * t ** 2
                + (3 * q[1] - q[0] - 3 * q[2] + q[3]) * t ** 3)
    return [tuple(v) for v in out.reshape(-1, 2)]


def star_points(cx, cy, r, inner=.45, tips=5):
    """Corners of a star with one tip up."""
    return [(cx + (r if k % 2 == 0 else r * inner) * math.sin(k * math.pi / tips),
             cy - (r if k % 2 == 0 else r * inner) * math.cos(k * math.pi / tips))
            for k in range(2 * tips)]


def gem(rng, w, h, pal="ice"):
    """A brilliant seen from the side: hand-placed facets in tones of one ramp."""
    p = Painter(w)
    up, low, tip = .2, .42, (.5, .93)
    top = [(.27, up), (.42, up), (.58, up), (.73, up)]
    mid = [(.06, low), (.34, low + .03), (.66, low + .03), (.94, low)]
    facets = [([top[0], mid[0], mid[1]], .75), ([top[0], mid[1], top[1]], .95),
              ([top[1], mid[1], mid[2], top[2]], .8), ([top[2], mid[2], top[3]], .9),
              ([top[3], mid[2], mid[3]], .6), ([mid[0], mid[1], tip], .62),
              ([mid[1], mid[2], tip], .5), ([mid[2], mid[3], tip], .36)]
    for points, tone in facets:
        stops = [ramp(pal, tone), ramp(pal, tone - .14)]
        p.fill(points, " ".join("%02x%02x%02x" % tuple(int(255 * v) for v in s) for s in stops))
    deep = "%02x%02x%02x" % tuple(int(255 * v) for v in ramp(pal, .12))
    p.fill([top[0], top[3], mid[3], tip, mid[0]], pal, opacity=0, line=deep, width=.03)
    p.fill(star_points(.3, .3, .13, .2, 4), "ffffff", .95)
    return p.done()


def jewel(rng, w, h, pal="berry", sides=8):
    """A cut stone from above: a ring of facets, each as bright as it faces the light."""
    p = Painter(w)
    a = TAU * (np.arange(sides) + .5) / sides

    def ring(r):
        return [(.5 + r * math.cos(v), .5 + r * math.sin(v)) for v in a]

    outer, middle, inner = ring(.46), ring(.34), ring(.23)
    for lo, hi, bias in ((outer, middle, .42), (middle, inner, .6)):
        for k in range(sides):
            m = (k + 1) % sides
            facing = math.cos((a[k] + a[m]) / 2 + (TAU / 2 if m == 0 else 0) - 3.93)
            tone = ramp(pal, bias + .3 * facing)
            p.fill([lo[k], lo[m], hi[m], hi[k]], "%02x%02x%02x" % tuple(int(255 * v) for v in tone))
    p.fill(inner, " ".join(PALETTES[pal].split()[:1:-1]))
    deep = "%02x%02x%02x" % tuple(int(255 * v) for v in ramp(pal, .1))
    p.fill(outer, pal, 0, deep, .03)
    p.fill(oval(.41, .4, .07, .035, turn=-35), "ffffff", .8)
    return p.done()


def coin(rng, w, h, metal="fff3b0 f7c23c c9801e", line="6b3a10", tips=5):
    """A coin: two discs, a star and a band of light."""
    p = Painter(w)
    p.fill(oval(.5, .5, .45, .45), metal, line=line, width=.04)
    p.fill(oval(.5, .5, .35, .35), " ".join(metal.split()[::-1]))
    p.fill(oval(.5, .5, .325, .325), " ".join(metal.split()[1:]))
    p.fill(star_points(.5, .525, .25, .48, tips), line, .55)
    p.fill(star_points(.5, .5, .25, .48, tips), metal)
    p.fill([(.1, .55), (.55, .1), (.68, .1), (.1, .68)], "ffffff", .28,
           inside=oval(.5, .5, .44, .44))
    return p.done()


def mushroom(rng, w, h, cap="ff8a7a e03a3e a01830", line="3a1420", spot="fff6e8"):
    """A toadstool with spots and a friendly face."""
    p = Painter(w)
    stem = smooth([(.36, .55), (.64, .55), (.66, .75), (.74, .9), (.5, .95), (.26, .9), (.34, .75)])
    p.fill(stem, "fffaf0 f3dcc0 d9b493", line=line)
    top = smooth([(.05, .56), (.09, .3), (.3, .09), (.5, .05), (.7, .09), (.91, .3), (.95, .56),
                  (.75, .64), (.5, .66), (.25, .64)])
    p.fill(top, cap)
    for cx, cy, r in ((.5, .24, .12), (.2, .42, .08), (.8, .42, .08), (.36, .54, .055),
                      (.66, .55, .06)):
        p.fill(oval(cx, cy, r, r * .88), spot, inside=top)
    p.fill(oval(.34, .17, .13, .045, turn=-32), "ffffff", .4)
    p.fill(top, cap, 0, line)
    for cx in (.43, .57):
        p.fill(oval(cx, .76, .026, .048), line)
        p.fill(oval(cx + (.07 if cx > .5 else -.07), .82, .03, .02), "ff8f8f", .7)
    return p.done()


def potion(rng, w, h, juice="8affd0 1fb58f 0b5f6b", line="1c2036", level=.52):
    """A round flask: glass, liquid up to a level, bubbles and a cork."""
    p = Painter(w)
    body = oval(.5, .62, .34, .33)
    p.fill([(.4, .12), (.6, .12), (.6, .36), (.4, .36)], "dff1f7", .55, line)
    p.fill(body, "e8f6fb c8dfea", .6)
    surface = [(.1, level), (.9, level), (.9, 1), (.1, 1)]
    p.fill(surface, juice, inside=oval(.5, .62, .3, .29))
    p.fill(oval(.5, level, .27, .035), juice.split()[0], inside=oval(.5, .62, .3, .29))
    for _ in range(7):
        cx, cy, r = rng.uniform(.3, .7), rng.uniform(level + .08, .85), rng.uniform(.015, .035)
        p.fill(oval(cx, cy, r, r), "ffffff", .45)
    p.fill(body, juice, 0, line, .04)
    p.fill(oval(.36, .5, .04, .11, turn=25), "ffffff", .75)
    p.fill([(.38, .04), (.62, .04), (.6, .17), (.4, .17)], "d9a066 9a6238", line=line)
    return p.done()


def heart(rng, w, h, skin="ff9bb0 f0325a a3123f", line="4a0a22"):
    """The well-known heart curve of sin^3 and four cosines."""
    p = Painter(w)
    t = np.linspace(0, TAU, 120, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    p.fill(list(zip(.5 + x / 37, .47 - y / 37)), skin, line=line, width=.05)
    p.fill(oval(.3, .3, .1, .06, turn=-40), "ffffff", .7)
    p.fill(oval(.19, .42, .025, .025), "ffffff", .6)
    return p.done()


def star(rng, w, h, skin="fff7b8 ffd23e f09a1e", line="7a3d0a", tips=5):
    """A rounded star with two eyes."""
    p = Painter(w)
    p.fill(smooth(star_points(.5, .53, .45, .6, tips)), skin, line=line, width=.045)
    p.fill(oval(.36, .4, .09, .045, turn=-35), "ffffff", .7)
    for cx in (.43, .57):
        p.fill(oval(cx, .54, .028, .058), line)
        p.fill(oval(cx + .008, .52, .011, .016), "ffffff")
    return p.done()


def sword(rng, w, h, blade="ffffff b8d4ea 6f8fb8", grip="ffd75e c98a22", line="1f2238"):
    """A sword from lower left to upper right: blade halves, guard, grip and pommel."""
    p = Painter(w)

    def at(along, side):
        c = math.sqrt(.5)
        return (.1 + (along + side) * c, .9 - (along - side) * c)

    p.fill([at(.36, -.07), at(1.0, -.07), at(1.13, 0), at(1.0, .07), at(.36, .07)], blade,
           line=line, width=.05)
    p.fill([at(.36, -.07), at(1.0, -.07), at(1.13, 0), at(.36, 0)], "ffffff", .5)
    p.fill([at(.08, -.035), at(.32, -.035), at(.32, .035), at(.08, .035)], "8a4a3a 5a2a28",
           line=line, width=.04)
    p.fill([at(.3, -.2), at(.39, -.2), at(.39, .2), at(.3, .2)], grip, line=line, width=.04)
    p.fill(oval(*at(.04, 0), .065, .065), grip, line=line, width=.04)
    p.fill(star_points(*at(.95, -.02), .08, .2, 4), "ffffff")
    return p.done()


def slime(rng, w, h, skin="c8ff9a 5fd04a 1f8a4a", line="0c3a26"):
    """A jelly drop with eyes, a mouth and gloss."""
    p = Painter(w)
    body = smooth([(.5, .1), (.66, .2), (.82, .45), (.94, .72), (.86, .88), (.5, .92), (.14, .88),
                   (.06, .72), (.18, .45), (.34, .2)])
    p.fill(body, skin, .93, line, .04)
    p.fill(oval(.34, .32, .055, .1, turn=32), "ffffff", .75)
    p.fill(oval(.68, .8, .16, .05, turn=-12), "ffffff", .25)
    for cx in (.37, .63):
        p.fill(oval(cx, .6, .075, .095), "ffffff", line=line, width=.02)
        p.fill(oval(cx + .015, .62, .04, .055), line)
        p.fill(oval(cx + .03, .595, .015, .02), "ffffff")
    p.fill(oval(.5, .73, .07, .07, 0, 180), line)
    return p.done()


def balloon(rng, w, h, stripes=("f0525f", "ffd166", "3fa7d6"), line="2a1f3d"):
    """A hot-air balloon: gores are ellipses of shrinking width, back to front."""
    p = Painter(w)
    skin = smooth([(.5, .04), (.74, .1), (.88, .34), (.76, .58), (.58, .74), (.42, .74), (.24, .58),
                   (.12, .34), (.26, .1)])
    p.fill(skin, stripes[0])
    for k, rx in enumerate((.31, .21, .1)):
        p.fill(oval(.5, .38, rx, .42), stripes[(k + 1) % len(stripes)], inside=skin)
    p.fill(oval(.5, .9, .9, .42), "2a1f3d", .18, inside=skin)
    p.fill(oval(.32, .24, .06, .13, turn=28), "ffffff", .5)
    p.fill(skin, line, 0, line, .03)
    for lx, bx in ((.43, .45), (.57, .55)):
        p.fill([(lx - .006, .74), (lx + .006, .74), (bx + .006, .86), (bx - .006, .86)], line)
    p.fill([(.42, .85), (.58, .85), (.56, .97), (.44, .97)], "d9a066 8a5430", line=line, width=.025)
    return p.done()


def fish(rng, w, h, skin="ffd98a ff9a3c e0562a", band="fff6e8", line="3a1a2a"):
    """A reef fish: smooth body, two bands, fins and an eye."""
    p = Painter(w)
    p.fill(smooth([(.74, .5), (.96, .24), (.9, .5), (.96, .76)]), skin, line=line)
    p.fill(smooth([(.32, .28), (.5, .08), (.68, .16), (.64, .34)]), skin, line=line)
    p.fill(smooth([(.42, .72), (.5, .9), (.62, .86), (.58, .68)]), skin, line=line)
    body = smooth([(.05, .52), (.2, .31), (.45, .22), (.7, .37), (.82, .5), (.7, .64), (.45, .78),
                   (.2, .71)])
    p.fill(body, skin)
    for cx, rx in ((.38, .05), (.65, .04)):
        p.fill(oval(cx, .5, rx, .4), band, inside=body)
    p.fill(oval(.33, .33, .16, .04, turn=-12), "ffffff", .4)
    p.fill(body, skin, 0, line)
    p.fill(smooth([(.48, .52), (.62, .46), (.62, .62)]), skin, line=line, width=.025)
    p.fill(oval(.21, .46, .06, .06), "ffffff", line=line, width=.02)
    p.fill(oval(.2, .465, .03, .035), line)
    return p.done()


def rocket(rng, w, h, skin="ffffff dfe6f2 a9b6cf", trim="ff6b6b c92a4a", line="1f2238"):
    """A toy rocket with fins, a window and a flame."""
    p = Painter(w)
    p.fill(smooth([(.4, .74), (.6, .74), (.58, .88), (.5, .98), (.42, .88)]),
           "fff3a0 ffb13c ff5a2a")
    p.fill([(.36, .52), (.36, .76), (.14, .84), (.18, .66)], trim, line=line)
    p.fill([(.64, .52), (.64, .76), (.86, .84), (.82, .66)], trim, line=line)
    body = smooth([(.5, .03), (.63, .18), (.69, .42), (.66, .66), (.61, .77), (.39, .77),
                   (.34, .66), (.31, .42), (.37, .18)])
    p.fill(body, skin)
    p.fill([(.2, 0), (.8, 0), (.8, .23), (.2, .23)], trim, inside=body)
    p.fill(oval(.63, .45, .09, .4), "5a6a9a", .3, inside=body)
    p.fill(body, skin, 0, line)
    p.fill(oval(.5, .42, .105, .105), "9fe6ff 3fa7d6 1f5fa8", line=line)
    p.fill(oval(.46, .38, .035, .025, turn=-35), "ffffff", .8)
    return p.done()


def invader(rng, w, h, pal="neon", cells=12):
    """A mirrored random pixel creature with eyes and a dark rim, denser in the middle."""
    body = rng.random((cells - 2, cells // 2 - 1))
    x = np.linspace(1, 0, cells // 2 - 1)
    y = np.linspace(-1, 1, cells - 2)[:, None]
    solid = np.pad(body > .12 + .85 * (x ** 2 + y ** 2) * .62, ((1, 1), (1, 0)))
    solid[cells // 2 - 1:cells // 2 + 1, -2:] = True
    eye = np.zeros_like(solid)
    eye[cells // 2 - 2, -2] = solid[cells // 2 - 2, -2] = True
    solid, eye = (np.hstack([m, m[:, ::-1]]) for m in (solid, eye))
    wide = np.pad(solid, 1)
    rim = (wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]) & ~solid
    tone = np.repeat(np.linspace(.95, .35, cells)[:, None], cells, 1)
    tone += .1 * (np.indices(tone.shape).sum(0) % 2)
    col = np.where(eye[..., None], 1.0, ramp(pal, tone))
    col = np.where(rim[..., None], ramp(pal, .02), col)
    return to_image(col, (solid | rim).astype(float)).resize((w, h), Image.NEAREST)


# ------------------------------------------------------------------ tiles

BLOCKS = {  # top ramp, side ramp, depth of the top layer on the sides
    "grass": ("4f9a3a 6fbf4a 9ad860", "5a3a26 7d5234 9a6a44", .25),
    "sand": ("e0bf7a efd596 f9e8b8", "c49a5a d9b06e e6c488", 0),
    "stone": ("7d8798 98a2b2 b4bdca", "5a6374 747e90 8c96a6", 0),
    "water": ("2f8fd0 4fb0e6 8fd8f6", "1a5fa0 2a7cc0 3f98d6", 0),
    "lava": ("d63a12 ff7a1a ffc94a", "3a1a1e 55262a 6e3436", .3),
    "snow": ("dfeaf6 f0f6fc ffffff", "5f7a9a 7f9aba 9ab4d0", .35),
    "amethyst": ("9a5fe0 b884f4 dcb6ff", "4f2a96 6b3fb8 8a5ad6", 0),
    "brick": ("c8684e d87c5e e69878", "8f3a30 a84a3c bf5e4a", 0),
}


def block_picture(rng, kind, size):
    """One isometric cube with pixel-like grain; faces are sheared squares."""
    top, side, crust = BLOCKS[kind]
    n = size * 4
    x, y = np.meshgrid((np.arange(n) + .5) / n, (np.arange(n) + .5) / n)
    dx, cells = x - .5, 8
    u, v = 2 * (y - .02) + dx, 2 * (y - .02) - dx
    drop = y - .02 - .5 + np.abs(dx) * .5
    is_top = (u > 0) & (u < 1) & (v > 0) & (v < 1)
    is_side = ~is_top & (np.abs(dx) < .5) & (drop > 0) & (drop < .46)
    along = np.where(dx < 0, dx + .5, dx) * 2
    down = drop / .46
    grain = rng.random((3, cells + 1, cells + 1))

    def pick(layer, a, b):
        ia, ib = (np.clip((q * cells).astype(int), 0, cells) for q in (a, b))
        return grain[layer, ib, ia]

    face = ramp(top, pick(0, u, v))
    left = np.where((dx < 0), pick(1, along, down), pick(2, along, down))
    wall = ramp(side, left)
    edge = crust + .13 * (np.floor(along * cells) * 5 % 3 - 1)
    wall = np.where(((down < edge) & (crust > 0))[..., None], ramp(top, left * .8), wall)
    if kind == "brick":
        row = np.floor(down * 4)
        joint = ((down * 4) % 1 < .16) | ((along * 2 + row * .5) % 1 < .08)
        wall = np.where(joint[..., None], rgb("e8cdb8") * .8, wall)
    wall = wall * np.where(dx < 0, .88, .66)[..., None]
    face = face * np.where((np.minimum(u, v) < .03) | (np.maximum(u, v) > .97), 1.1, 1)[..., None]
    col = np.where(is_top[..., None], face, wall)
    alpha = (is_top | is_side) * (.85 if kind == "water" else 1.0)
    return to_image(col, alpha).reduce(4)


def block(rng, w, h, kind="grass"):
    """A single isometric cube."""
    return block_picture(rng, kind, w)


def island(rng, w, h, cells=13, pal="noon", tall=7.0, dry=False):
    """A little isometric world: noise heights stacked with cubes, back to front."""
    x, y = grid(w, h)
    out = to_image(ramp(pal, y * .9)).convert("RGBA")
    size = int(min(w / (cells + .2), h / (cells * .4 + 2.6)))
    kinds = ["lava", "stone", "amethyst", "amethyst"] if dry else ["water", "sand", "grass", "snow"]
    art = {k: [block_picture(rng, k, size) for _ in range(3)] for k in kinds}
    c, r = np.meshgrid(np.arange(cells), np.arange(cells))
    away = np.hypot(c - cells / 2 + .5, r - cells / 2 + .5) / (cells / 2)
    rise = noise(rng, c * .23 + .4, r * .23 + .7, 4) * .75 + .75 - away ** 2 * .85
    level = np.clip(np.round(rise * tall * .62), 0, tall).astype(int)
    for row in range(cells):
        for col in range(cells):
            if away[row, col] > 1.12:
                continue
            for k in range(level[row, col] + 1):
                kind = kinds[min(3, 0 if k == 0 else 1 if k == 1 else 2 if k < tall - 2 else 3)]
                px = w / 2 + (col - row - 1) * size / 2
                py = h * .56 - cells * size * .25 + (col + row) * size / 4 - k * size * .44
                out.alpha_composite(art[kind][int(rng.integers(3))], (int(px), int(py)))
    return out.convert("RGB")


def ground(rng, w, h, kind="cobble", pal="cream", cells=5):
    """A tile that repeats without a seam: periodic Voronoi stones, water light or planks."""
    n = w * 3
    x, y = grid(n, n, n)
    if kind == "planks":
        row = np.floor(y * cells)
        shift = rng.random(cells)[row.astype(int)]
        tone = rng.random((cells, 2))[row.astype(int), ((x + shift) % 1 * 2).astype(int)]
        grainy = np.sin((y * cells * 5 + .35 * np.sin(TAU * (x + shift)) + tone * 3) * TAU) * .06
        gap = ((y * cells) % 1 < .07) | (((x + shift) * 2) % 1 < .025)
        col = ramp(pal, .5 + .25 * (tone - .5) + grainy)
        return to_image(np.where(gap[..., None], ramp(pal, .1), col)).reduce(3)
    seeds = (np.stack(np.meshgrid(range(cells), range(cells)), -1).reshape(-1, 2)
             + .5 + rng.uniform(-.36, .36, (cells * cells, 2))) / cells
    near = np.full((2,) + x.shape, 9.0)
    owner = np.zeros(x.shape, int)
    for k, (sx, sy) in enumerate(seeds):
        d = np.hypot((x - sx + .5) % 1 - .5, (y - sy + .5) % 1 - .5) * cells
        owner[d < near[0]] = k
        near = np.sort(np.concatenate([near, d[None]]), 0)[:2]
    edge = near[1] - near[0]
    if kind == "water":
        glow = .35 + .3 * near[0] ** 2 + .4 * smoothstep(.22, 0, edge)
        return to_image(ramp(pal, glow)).reduce(3)
    tone = rng.random(len(seeds))[owner]
    col = ramp(pal, .42 + .3 * tone + .22 * smoothstep(.05, .5, edge) - .12 * near[0])
    return to_image(blend(ramp(pal, .08), col, smoothstep(.06, .16, edge)[..., None])).reduce(3)


# -------------------------------------------------------------- the table

# folder -> (file, function, width, height, options of the function)
PICTURES = {
    "landscapes": [
        ("first_light.jpg", mountains, 1600, 1000, dict(sky="dawn", land="bluehills", trees=.1)),
        ("ember_pass.jpg", mountains, 1280, 800, dict(sky="ember", land="redhills", sun=(.35, .5))),
        ("mint_valley.jpg", mountains, 1024, 768, dict(sky="mint", land="greenhills", trees=.14)),
        ("rose_range.jpg", mountains, 2048, 640, dict(sky="rose", land="lilachills", sun=(.3, .4))),
        ("tall_fog.jpg", mountains, 640, 1280, dict(sky="gold", land="teal", layers=8, trees=.08)),
        ("violet_hour.jpg", mountains, 900, 900, dict(sky="violet", land="lilachills", trees=.16)),
        ("warm_ridges.jpg", mountains, 1200, 800, dict(sky="dusk", land="warmhills", gain=.42)),
        ("silver_mist.jpg", mountains, 1000, 750, dict(sky="silver", land="greyhills", trees=.15)),
        ("big_morning.jpg", mountains, 2048, 2048, dict(sky="gold", land="bluehills", layers=8,
         trees=.07)),
        ("amber_dunes.jpg", dunes, 1280, 800, dict(sky="gold", land="sand")),
        ("rose_dunes.jpg", dunes, 800, 1000, dict(sky="rose",
         land="3a1c4a 8a3a6a d9708a f7b09a ffe3c4", sun=(.7, .25))),
        ("quiet_sea.jpg", seascape, 1600, 1000, dict(sky="dusk", boat=.68)),
        ("gold_bay.jpg", seascape, 1920, 1080, dict(sky="gold", sun=(.36, .52))),
        ("violet_tide.jpg", seascape, 900, 1200, dict(sky="violet", sun=(.5, .46), boat=.18)),
        ("ember_sea.jpg", seascape, 1800, 600, dict(sky="ember", sun=(.7, .5), islands=.08)),
        ("mint_lagoon.jpg", seascape, 1024, 1024, dict(sky="mint", sun=(.3, .42), boat=.6)),
        ("harvest_moon.jpg", night_sky, 1280, 853, dict(sky="plum", moon=(.3, .4, .12))),
        ("blue_moon.jpg", night_sky, 1920, 1080, dict(sky="night", moon=(.72, .25, .07))),
        ("crescent.jpg", night_sky, 720, 1080, dict(sky="night", moon=(.6, .24, .1), crescent=.55)),
        ("teal_night.jpg", night_sky, 800, 800, dict(sky="deep", moon=(.3, .28, .1), crescent=-.5,
         trees=.22)),
        ("green_aurora.jpg", aurora, 1500, 1000, {}),
        ("rose_aurora.jpg", aurora, 800, 1200, dict(sky="plum",
         light="ff8fc8 d06cff 6c7bff 3fd0ff")),
        ("night_town.jpg", skyline, 1600, 800, {}),
        ("harbour_lights.jpg", skyline, 800, 1000, dict(sky="violet")),
    ],
    "papercut": [
        ("sunset_waves.png", paper_waves, 480, 360, {}),
        ("jade_waves.png", paper_waves, 320, 480, dict(pal="jade")),
        ("ocean_waves.jpg", paper_waves, 1280, 720, dict(pal="ocean", layers=12)),
        ("candy_waves.jpg", paper_waves, 1000, 1000, dict(pal="candy", layers=7)),
    ],
    "space": [
        ("violet_nebula.jpg", nebula, 1600, 1200, {}),
        ("ember_nebula.jpg", nebula, 1024, 1024, dict(pal="lava", second="plum")),
        ("teal_nebula.jpg", nebula, 2000, 700, dict(pal="peacock", second="berry")),
        ("pinwheel.jpg", galaxy, 1200, 900, dict(pal="marine")),
        ("whirl.jpg", galaxy, 900, 900, dict(pal="berry", arms=3, tilt=.85, wind=2.4)),
    ],
    "planets": [
        ("jovian.png", planet, 320, 320, dict(pal="copper", air="ffe2b8")),
        ("ringed_gold.png", planet, 320, 320, dict(pal="c98a4a e8c080 f5e0b0 d9a566 fbeed0",
         rings="6b4a3a e8c99a b08a66 f5e6c8")),
        ("ringed_rose.png", planet, 300, 300, dict(pal="berry",
         rings="3a1c5a d66c9a 8a4a9a ffd3dc", air="ffb0d0")),
        ("blue_home.png", planet, 256, 256, dict(kind="earth", pal="031a4a 0b4a9a 1f8fd0 6fd0e0",
         air="8fc8ff")),
        ("second_home.png", planet, 224, 224, dict(kind="earth", pal="0a3a3a 0f7a76 4fc9b0",
         air="b0ffe6")),
        ("grey_moon.png", planet, 256, 256, dict(kind="rock", pal="3a3d4a 7a7f8c b8bcc4 eceef0")),
        ("rust.png", planet, 256, 256, dict(kind="rock", pal="4a1a14 a8482a e08a4a f8cf9a",
         air="ffb890")),
        ("cinder.png", planet, 192, 192, dict(kind="lava", pal="lava", air="ff7a3a")),
        ("ice_giant.png", planet, 256, 256, dict(pal="2f7fb8 4fb0d6 8fdcec d6f6fa", air="c0f4ff")),
        ("jade_ring.png", planet, 320, 320, dict(pal="jade", rings="0b4a3a 8fe0b0 3fa07a e8fff0",
         air="b0ffd0")),
        ("violet_moon.png", planet, 128, 128, dict(kind="rock", pal="2a1550 6f46b8 b48af0 eadcff",
         air="d0b0ff")),
        ("ember_moon.png", planet, 96, 96, dict(kind="lava", pal="neon", air="ff6fd0")),
    ],
    "fractals": [
        ("dragon_coast.jpg", julia, 960, 640, dict(c=-.8 + .156j, zoom=1.05, pal="sunset",
         turns=1)),
        ("rabbit_lace.jpg", julia, 800, 800, dict(c=-.123 + .77j, zoom=1.25, pal="ocean",
         turns=.5)),
        ("snowflakes.jpg", julia, 960, 540, dict(c=-.70176 - .3842j, zoom=.8, pal="ice", turns=1)),
        ("ember_curls.jpg", julia, 600, 800, dict(c=.285 + .01j, zoom=.95, pal="lava", turns=.5)),
        ("seahorse_lace.jpg", julia, 640, 480, dict(c=-.7454 + .1130j, zoom=.5, at=.25 + .1j,
         pal="peacock", turns=1)),
        ("whirlpool.jpg", julia, 700, 700, dict(c=.355 + .355j, zoom=1.1, pal="candy", turns=1)),
        ("dendrite.png", julia, 360, 360, dict(c=.0 + 1.0j, zoom=1.3, pal="berry", turns=.5)),
        ("whole_set.jpg", mandelbrot, 1200, 900, dict(pal="sunset", turns=.5, limit=200)),
        ("seahorse_valley.jpg", mandelbrot, 960, 600, dict(at=-.7436 + .1314j, zoom=.0024,
         pal="ocean", turns=1.5)),
        ("spiral_arm.jpg", mandelbrot, 640, 640, dict(at=-.761574 - .0847596j, zoom=.0012,
         pal="copper", turns=2)),
        ("elephant_row.jpg", mandelbrot, 800, 560, dict(at=.2869319 + .0142867j, zoom=.0012,
         pal="candy", turns=1.5, limit=800)),
        ("antenna.jpg", mandelbrot, 700, 1000, dict(at=-.10109 + .95629j, zoom=.011, pal="peacock",
         turns=1)),
        ("burning_ship.jpg", mandelbrot, 1000, 700, dict(at=-1.755 - .03j, zoom=.055, ship=True,
         limit=200, pal="lava", turns=.5)),
        ("newton_five.jpg", newton, 1200, 675, dict(power=5, pal="rainbow", zoom=1.1)),
        ("newton_slow.png", newton, 192, 192, dict(power=4, pal="candy", relax=1.35)),
    ],
    "trees": [
        ("cherry.png", plant, 384, 384, dict(rule="F[+X][-X]FX", turn=33, grow=.66, depth=5,
         leaf_size=.017, leaf="b83a6a f07aa0 ffb3c8 ffe3ea")),
        ("autumn_oak.jpg", plant, 800, 1000, dict(leaf="autumn", sky="f7d9a8 f9e7c8 f3c9a0",
         rule="F[+X][-X]FX", depth=6, grow=.58)),
        ("green_ash.png", plant, 320, 320, dict(leaf="2a6a3a 4f9a4a 9ad05a e0f09a",
         rule="F[+X][-X]F[+X]X", turn=36, depth=5, grow=.66)),
        ("moonlit_birch.jpg", plant, 900, 900, dict(leaf="3fa0c8 8fd8e8 e8fbff",
         sky="0b1440 27408c 8f8fd0", wood="0a0f2a", rule="F[+X][-X]F[-X]X", turn=34,
              depth=5, grow=.64)),
    ],
    "attractors": [
        ("clifford_veil.jpg", attractor, 960, 720, dict(k=(-1.4, 1.6, 1.0, .7), pal="sunset")),
        ("clifford_shell.jpg", attractor, 800, 800, dict(k=(1.7, 1.7, .6, 1.2), pal="aqua")),
        ("clifford_wing.png", attractor, 360, 360, dict(k=(-1.7, 1.3, -.1, -1.2), pal="candy")),
        ("clifford_smoke.jpg", attractor, 540, 720, dict(k=(-1.8, -2.0, -.5, -.9), pal="ice")),
        ("dejong_silk.jpg", attractor, 640, 640, dict(kind="dejong", k=(1.4, -2.3, 2.4, -2.1),
         pal="berry")),
        ("dejong_knot.jpg", attractor, 640, 640, dict(kind="dejong", k=(-2.0, -2.0, -1.2, 2.0),
         pal="peacock")),
        ("dejong_lamp.png", attractor, 320, 320, dict(kind="dejong", k=(2.01, -2.53, 1.61, -.33),
         pal="lava")),
        ("ink_sunset.jpg", flow_field, 800, 600, dict(pal="sunset")),
        ("ink_sea.jpg", flow_field, 520, 715, dict(pal="aqua", back="f6f1e4", scale=2.2)),
        ("ink_rainbow.jpg", flow_field, 1024, 448, dict(pal="rainbow", back="15131f", scale=1.2,
         count=2200)),
    ],
    "patterns": [
        ("rose_window.jpg", stained_glass, 800, 800, dict(layout="sunflower", count=220,
         pal="rainbow")),
        ("chapel_glass.jpg", stained_glass, 700, 1100, dict(pal="mosaic")),
        ("sea_glass.png", stained_glass, 300, 300, dict(pal="ocean", count=60)),
        ("truchet_rings.png", truchet, 512, 512, dict(pal="retro")),
        ("truchet_cream.png", truchet, 640, 320, dict(pal="cream", cells=5, rings=4)),
        ("truchet_ribbon.png", truchet, 480, 480, dict(pal="candy", kind="ribbon", cells=10)),
        ("truchet_jade.png", truchet, 300, 450, dict(pal="jade", kind="ribbon", cells=6)),
        ("triangles.png", truchet, 512, 512, dict(pal="mosaic", kind="triangles", cells=8)),
        ("spiro_neon.png", spirograph, 240, 240, {}),
        ("spiro_sun.png", spirograph, 320, 320, dict(pal="lava", big=105, small=30, pen=1.2,
         layers=9)),
        ("spiro_berry.jpg", spirograph, 600, 600, dict(pal="candy", back="berry", big=80, small=33,
         pen=.9, layers=8)),
        ("sunflower_dots.png", phyllotaxis, 400, 400, dict(back="", pal="sunset")),
        ("pine_cone.jpg", phyllotaxis, 600, 600, dict(shape="petals", pal="autumn", back="1a0f14",
         count=420)),
        ("dahlia.png", phyllotaxis, 360, 360, dict(shape="petals", pal="candy", back="",
         count=300)),
        ("confetti_head.jpg", phyllotaxis, 640, 640, dict(pal="rainbow", turns=1.5, back="15131f",
         count=900)),
        ("rainbow_maze.png", maze, 768, 768, dict(cell=16)),
        ("sea_maze.png", maze, 1024, 512, dict(pal="aqua", cell=12)),
        ("ember_maze.png", maze, 320, 640, dict(pal="lava", cell=20)),
        ("rings_ocean.jpg", ripples, 800, 533, {}),
        ("rings_gold.jpg", ripples, 800, 800, dict(pal="copper", sources=3, waves=12)),
    ],
    "textures": [
        ("copper_marble.jpg", marble, 1920, 1080, {}),
        ("jade_marble.jpg", marble, 1000, 1000, dict(pal="jade", bend=.9)),
        ("sea_marble.jpg", marble, 2048, 2048, dict(pal="marine", bend=1.0, vein=.7)),
        ("opal.jpg", marble, 800, 1200, dict(pal="f7b7c5 c9b8ec a9d9ee fdf6e8 bfe6c1 fbd9a5",
         vein=.3)),
        ("grey_stone.png", marble, 320, 320, dict(pal="silver", scale=1.8)),
        ("plasma_neon.jpg", plasma, 800, 600, dict(pal="sunset")),
        ("plasma_rainbow.jpg", plasma, 1000, 500, dict(pal="rainbow", turns=.8)),
        ("plasma_sea.png", plasma, 192, 192, dict(pal="aqua")),
        ("coral.jpg", turing, 750, 750, dict(pal="candy", feed=.0545, kill=.062)),
        ("spots.jpg", turing, 960, 600, dict(pal="autumn", feed=.03, kill=.062)),
        ("labyrinth.jpg", turing, 768, 768, dict(pal="peacock", feed=.029, kill=.057)),
        ("enamel.png", turing, 240, 240, dict(pal="marine", feed=.042, kill=.061, zoom=2)),
        ("city_bokeh.jpg", bokeh, 1280, 853, dict(pal="1a1030 c2401f ff9a3c ffd98a 6fd0e8")),
        ("sea_bokeh.jpg", bokeh, 853, 1280, dict(pal="aqua")),
        ("party_bokeh.jpg", bokeh, 1000, 1000, dict(pal="neon", count=120)),
        ("berry_silk.jpg", silk, 1200, 800, {}),
        ("blue_silk.jpg", silk, 700, 1050, dict(pal="marine", folds=4)),
    ],
    "flowers": [
        ("wild_rose.png", rose, 320, 320, dict(petals=5, pal="berry")),
        ("daisy.png", rose, 256, 256, dict(petals=13, layers=2, sharp=.4,
         pal="c8d0e8 f4f6fc ffffff", heart="ffc93f")),
        ("aster.png", rose, 288, 288, dict(petals=11, layers=3, sharp=.5,
         pal="3a2a8a 7a6ae0 c8bcff f2eeff")),
        ("poppy.png", rose, 256, 256, dict(petals=5, layers=3, sharp=.35,
         pal="5a0a14 c4201f ff5a3a ffa06a", heart="6b6a3a")),
        ("gerbera.png", rose, 300, 300, dict(petals=17, layers=5, sharp=.55,
         pal="a8321f f2762e ffc04f fff0b0", heart="8a3a1f")),
        ("lotus.png", rose, 320, 240, dict(petals=8, layers=5, sharp=.8,
         pal="d9709a f7a8c4 ffe0ea ffffff")),
        ("cornflower.png", rose, 128, 128, dict(petals=9, layers=3, sharp=.9,
         pal="12307a 3f7fe0 9fd0ff", heart="5a3a9a")),
        ("buttercup.png", rose, 96, 96, dict(petals=5, layers=2, sharp=.4,
         pal="e08a0f ffc92e fff08a", heart="c9a01f")),
    ],
    "sprites": [
        ("diamond.png", gem, 128, 128, dict(pal="0b1a3c 2f7fd0 8fd8f6 ffffff")),
        ("ruby.png", gem, 128, 128, dict(pal="3a0414 b8123f ff5a7a ffe0e4")),
        ("emerald.png", jewel, 128, 128, dict(pal="jade", sides=8)),
        ("amethyst.png", jewel, 96, 96, dict(pal="violet", sides=6)),
        ("topaz.png", jewel, 160, 160, dict(pal="autumn", sides=10)),
        ("gold_coin.png", coin, 64, 64, {}),
        ("silver_coin.png", coin, 64, 64, dict(metal="ffffff cfd8e6 8a96ac", line="2f3a52",
         tips=6)),
        ("red_mushroom.png", mushroom, 128, 128, {}),
        ("blue_mushroom.png", mushroom, 96, 96, dict(cap="9fd8ff 3f8fe0 2450a8", line="14204a")),
        ("gold_mushroom.png", mushroom, 48, 48, dict(cap="ffe88a f7b02c c9761e", line="5a2f0a")),
        ("green_potion.png", potion, 128, 128, {}),
        ("violet_potion.png", potion, 192, 192, dict(juice="e6a8ff 9a4fe0 4a1f96", level=.46)),
        ("heart.png", heart, 64, 64, {}),
        ("violet_heart.png", heart, 32, 32, dict(skin="e0b0ff 9a4fe0 5a1fa8", line="26084a")),
        ("star.png", star, 96, 96, {}),
        ("pink_star.png", star, 64, 64, dict(skin="ffe0ee ff8fc0 d94a8a", line="5a123a", tips=6)),
        ("steel_sword.png", sword, 128, 128, {}),
        ("fire_sword.png", sword, 160, 160, dict(blade="fff3a0 ff9a3c d6321f",
         grip="8a93a8 4a5068")),
        ("green_slime.png", slime, 128, 128, {}),
        ("pink_slime.png", slime, 256, 256, dict(skin="ffd0e4 ff7ab0 c2388a", line="4a0f3a")),
        ("balloon.png", balloon, 256, 256, {}),
        ("reef_fish.png", fish, 128, 128, {}),
        ("blue_fish.png", fish, 192, 192, dict(skin="8fe8ff 2f8fe0 1f3fa8", band="ffe066",
         line="0a1440")),
        ("rocket.png", rocket, 192, 192, {}),
        ("invader_a.png", invader, 96, 96, dict(pal="neon")),
        ("invader_b.png", invader, 48, 48, dict(pal="forest")),
        ("invader_c.png", invader, 192, 192, dict(pal="sunset")),
        ("invader_d.png", invader, 36, 36, dict(pal="aqua")),
        ("invader_e.png", invader, 128, 128, dict(pal="candy", cells=16)),
    ],
    "tiles": [
        ("grass.png", block, 128, 128, dict(kind="grass")),
        ("sand.png", block, 64, 64, dict(kind="sand")),
        ("stone.png", block, 96, 96, dict(kind="stone")),
        ("water.png", block, 96, 96, dict(kind="water")),
        ("lava.png", block, 128, 128, dict(kind="lava")),
        ("snow.png", block, 64, 64, dict(kind="snow")),
        ("amethyst.png", block, 192, 192, dict(kind="amethyst")),
        ("brick.png", block, 96, 96, dict(kind="brick")),
        ("island.png", island, 512, 384, {}),
        ("fire_island.png", island, 400, 400, dict(cells=11, pal="plum", dry=True)),
        ("ground_cobble.png", ground, 128, 128, dict(pal="2a2430 6b5f6f a8988f d9c9b0")),
        ("ground_water.png", ground, 128, 128, dict(kind="water", pal="ocean")),
        ("ground_planks.png", ground, 96, 96, dict(kind="planks",
         pal="3a1f14 7a4526 b87a42 e0b070")),
    ],
}

# What differs from RGB(A) PNG with full colours and baseline colour JPEG.
GREY = {"landscapes/silver_mist.jpg", "textures/grey_stone.png"}
INDEXED = {"patterns/rainbow_maze.png", "patterns/sea_maze.png", "patterns/ember_maze.png",
           "patterns/triangles.png"}
PROGRESSIVE = {"landscapes/quiet_sea.jpg", "landscapes/big_morning.jpg", "textures/sea_marble.jpg"}


def make(name, paint, w, h, options, out):
    """Paints one picture and writes it under out."""
    img = paint(np.random.default_rng(zlib.crc32(name.encode())), w, h, **options)
    path = out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name in GREY:
        img = img.convert("L")
    if name.endswith(".png"):
        if name in INDEXED:
            img = img.quantize(256, dither=Image.Dither.NONE)
        img.save(path, optimize=True)
    else:
        if img.mode == "RGBA":
            img = img.convert("RGB")
        img.save(path, quality=83, optimize=True, progressive=name in PROGRESSIVE)


def differs(name, here, there):
    """Whether two decoded pictures differ in form or by more than 2 steps on average."""
    try:
        with Image.open(here / name) as a, Image.open(there / name) as b:
            if (a.size, a.mode) != (b.size, b.mode):
                return True
            mode = "RGBA" if a.mode in ("P", "RGBA") else "RGB"
            one, two = (np.asarray(i.convert(mode), dtype=np.float32) for i in (a, b))
    except OSError:
        return True
    return bool((np.abs(one - two).mean((0, 1)) > 2).any())


def make_all(out):
    """Makes every picture, one process per core; returns the names."""
    jobs = [(f"{folder}/{row[0]}", *row[1:], out)
            for folder, rows in PICTURES.items() for row in rows]
    slowest_first = sorted(jobs, key=lambda job: -job[2] * job[3])
    with multiprocessing.Pool() as pool:
        pool.starmap(make, slowest_first, chunksize=1)
    return [job[0] for job in jobs]


def main():
    """Command line."""
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Make the demo pictures of pixcache.")
    parser.add_argument("--out", type=pathlib.Path, default=here, metavar="DIR",
                        help="folder to write to, or to check (default: the script's folder)")
    parser.add_argument("--check", action="store_true",
                        help="make the pictures anew in a temporary folder and compare; "
                             "writes nothing to DIR, exit status 1 if any differ")
    args = parser.parse_args()
    if not args.check:
        names = make_all(args.out)
        total = sum((args.out / name).stat().st_size for name in names)
        print(f"{len(names)} pictures, {total} bytes in {args.out}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = pathlib.Path(folder)
        names = make_all(fresh)
        wrong = [name for name in names if differs(name, args.out, fresh)]
    for name in wrong:
        print(f"differs: {name}")
    print(f"{len(names) - len(wrong)} of {len(names)} pictures as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
