#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) 2026 The acceldev authors
"""Makes the digit classifier of this folder: data, training, quantisation. Standard library only.

    train.py [FOLDER]

Writes to FOLDER, or else this one: w1.bin b1.bin w2.bin ... (weights int8 [out][in], biases int32, little
endian), digits.npu (what accel-npu-pack reads), records.bin (256 images of 8 x 8 int8, none of them
trained with), labels.bin (a byte each) and accuracy.txt. The same numbers come out each time. The
results are in the repository, so that building needs no Python; this takes some minutes.

A digit is a few strokes. Each image turns, scales, slants and moves them, shakes their points, chooses how
thick and how bright they are, and adds noise. The network is 64-48-32-10 with ReLU between the layers.

Scales are powers of two: a value v of a layer is the integer v * 2^g. With weights w * 2^f and biases
b * 2^(g + f), the sum is shifted right by g + f - g', g' being that of the next layer; half of what is
shifted out is in the bias, for rounding.
"""
import math
import os
import random
import struct
import sys

SIZES = [64, 48, 32, 10]
TRAIN, TEST, RECORDS = 6000, 2000, 256
EPOCHS, BATCH = 24, 16
PIXEL_BITS = 7  # a pixel of 1.0 would be 128; 127 is the most there is

# Strokes, in a square of 0 to 1, y downwards.
GLYPHS = {
    0: [[(.5, .0), (.85, .2), (.85, .8), (.5, 1), (.15, .8), (.15, .2), (.5, .0)]],
    1: [[(.3, .2), (.55, .0), (.55, 1)], [(.3, 1), (.8, 1)]],
    2: [[(.15, .2), (.4, .0), (.75, .05), (.8, .3), (.15, 1), (.85, 1)]],
    3: [[(.15, .05), (.7, .0), (.8, .25), (.45, .47), (.85, .72), (.65, 1), (.15, .95)]],
    4: [[(.65, 1), (.65, .0), (.12, .68), (.9, .68)]],
    5: [[(.8, .0), (.2, .0), (.18, .45), (.65, .42), (.85, .7), (.6, 1), (.15, .95)]],
    6: [[(.7, .0), (.3, .3), (.15, .7), (.4, 1), (.75, .95), (.85, .7), (.6, .5), (.2, .62)]],
    7: [[(.12, .0), (.88, .0), (.4, 1)], [(.35, .5), (.75, .5)]],
    8: [[(.5, .47), (.2, .25), (.5, .0), (.8, .25), (.5, .47), (.15, .75), (.5, 1), (.85, .75), (.5, .47)]],
    9: [[(.8, .38), (.4, .5), (.15, .3), (.3, .02), (.7, .02), (.82, .3), (.75, .7), (.4, 1)]],
}


def distance(px, py, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    n = dx * dx + dy * dy
    t = 0 if n == 0 else max(0, min(1, ((px - a[0]) * dx + (py - a[1]) * dy) / n))
    return math.hypot(px - a[0] - t * dx, py - a[1] - t * dy)


def draw(rng, digit):
    """64 pixels of 0 to 127."""
    turn, slant = rng.uniform(-.22, .22), rng.uniform(-.25, .25)
    wide, high = rng.uniform(3.6, 5.6), rng.uniform(5, 6.8)
    left, top = 3.5 + rng.uniform(-.8, .8), 3.5 + rng.uniform(-.6, .6)
    thick, bright = rng.uniform(.3, .75), rng.uniform(.7, 1)
    cos, sin = math.cos(turn), math.sin(turn)
    lines = []
    for stroke in GLYPHS[digit]:
        points = []
        for x, y in stroke:
            x = (x - .5 + rng.gauss(0, .035)) * wide
            y = (y - .5 + rng.gauss(0, .035)) * high
            x -= slant * y
            points.append((left + cos * x - sin * y, top + sin * x + cos * y))
        lines += zip(points, points[1:])
    pixels = []
    for i in range(64):
        d = min(distance(i % 8, i // 8, a, b) for a, b in lines)
        v = bright * max(0, min(1, 1.25 - (d - thick + .5))) + rng.gauss(0, .08)
        pixels.append(max(0, min(127, round(v * 127))))
    return pixels


def draw_set(rng, n):
    return [(draw(rng, i % 10), i % 10) for i in range(n)]


# The network in floating point: layers of (rows of weights, biases).

def forward(net, x):
    """Values of each layer, the input among them; the last without ReLU."""
    values = [x]
    for n, (w, b) in enumerate(net):
        x = [sum(map(float.__mul__, row, x)) + c for row, c in zip(w, b)]
        if n + 1 < len(net):
            x = [v if v > 0 else 0. for v in x]
        values.append(x)
    return values


def step_back(net, grads, values, label):
    """Add the gradients of one image."""
    top = max(values[-1])
    e = [math.exp(v - top) for v in values[-1]]
    delta = [v / sum(e) - (i == label) for i, v in enumerate(e)]
    for n in range(len(net) - 1, -1, -1):
        w, x = net[n][0], values[n]
        gw, gb = grads[n]
        below = [0.] * len(x)
        for i, d in enumerate(delta):
            if d == 0:
                continue
            gb[i] += d
            gw[i] = [g + d * v for g, v in zip(gw[i], x)]
            if n > 0:
                below = [s + d * v for s, v in zip(below, w[i])]
        delta = [s if v > 0 else 0. for s, v in zip(below, x)]


def train(rng, images):
    net = []
    for a, b in zip(SIZES, SIZES[1:]):
        s = math.sqrt(2 / a)
        net.append(([[rng.gauss(0, s) for _ in range(a)] for _ in range(b)], [0.] * b))
    speed = [([[0.] * len(w[0]) for _ in w], [0.] * len(b)) for w, b in net]
    order = list(range(len(images)))
    for epoch in range(EPOCHS):
        rng.shuffle(order)
        rate = .06 * (1 + math.cos(math.pi * epoch / EPOCHS)) / 2 + .001
        for at in range(0, len(order), BATCH):
            grads = [([[0.] * len(w[0]) for _ in w], [0.] * len(b)) for w, b in net]
            for i in order[at:at + BATCH]:
                step_back(net, grads, forward(net, images[i][0]), images[i][1])
            for (w, b), (sw, sb), (gw, gb) in zip(net, speed, grads):
                for r in range(len(b)):
                    sw[r] = [.9 * s - rate / BATCH * g - rate * 1e-4 * v
                        for s, g, v in zip(sw[r], gw[r], w[r])]
                    w[r][:] = [v + s for v, s in zip(w[r], sw[r])]
                    sb[r] = .9 * sb[r] - rate / BATCH * gb[r]
                    b[r] += sb[r]
        print("epoch", epoch + 1, "of", EPOCHS, flush=True)
    return net


# Integers

def bits_for(largest):
    """How far values may be shifted left to stay within 127."""
    return math.floor(math.log2(127 / largest))


def quantise(net, images):
    """Layers of (weights, biases, shift)."""
    scale, out = PIXEL_BITS, []
    peaks = [0.] * len(net)
    for x, _ in images:
        for n, values in enumerate(forward(net, x)[1:]):
            peaks[n] = max(peaks[n], max(map(abs, values)))
    for (w, b), peak in zip(net, peaks):
        f = bits_for(max(abs(v) for row in w for v in row))
        after = bits_for(peak)
        shift = scale + f - after
        half = 1 << shift >> 1
        out.append(([[round(v * 2 ** f) for v in row] for row in w],
            [round(v * 2 ** (scale + f)) + half for v in b], shift))
        scale = after
    return out


def run_integers(layers, x):
    for n, (w, b, shift) in enumerate(layers):
        low = 0 if n + 1 < len(layers) else -128
        x = [max(low, min(127, (sum(p * q for p, q in zip(row, x)) + c) >> shift))
            for row, c in zip(w, b)]
    return x


def right(results, images):
    return sum(r.index(max(r)) == label for r, (_, label) in zip(results, images))


# Files

def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)


def write_model(folder, layers):
    text = ["# SPDX-License-Identifier: BSD-3-Clause",
        "# Written by train.py: digits of 8 x 8 pixels of 0 to 127, to a score for each of 0 to 9.",
        "# The columns from 10 on are -128, the least there is.",
        "input pixels 1 %d" % SIZES[0]]
    name = "pixels"
    for n, (w, b, shift) in enumerate(layers, 1):
        write(folder, "w%d.bin" % n, struct.pack("%db" % (len(w) * len(w[0])), *sum(w, [])))
        write(folder, "b%d.bin" % n, struct.pack("<%di" % len(b), *b))
        last = n == len(layers)
        text.append("dense %s from=%s weights=w%d.bin bias=b%d.bin out=%d shift=%d %s" % (
            "scores" if last else "hidden%d" % n, name, n, n, len(b), shift,
            "clip=-128:127 fill=-128" if last else "relu"))
        name = "hidden%d" % n
    text.append("output scores")
    write(folder, "digits.npu", "\n".join(text + [""]).encode())


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    rng = random.Random(2026)
    images, held = draw_set(rng, TRAIN), draw_set(rng, TEST)
    as_float = lambda images: [([v / 2 ** PIXEL_BITS for v in x], label) for x, label in images]
    net = train(rng, as_float(images))
    layers = quantise(net, as_float(images))
    write_model(folder, layers)
    records = held[:RECORDS]
    write(folder, "records.bin", bytes(sum((x for x, _ in records), [])))
    write(folder, "labels.bin", bytes(label for _, label in records))
    lines = []
    for what, some in ("held", held), ("records", records):
        lines.append("%s float %d of %d\n" % (what,
            right([forward(net, x)[-1] for x, _ in as_float(some)], some), len(some)))
        lines.append("%s int8 %d of %d\n" % (what,
            right([run_integers(layers, x) for x, _ in some], some), len(some)))
    write(folder, "accuracy.txt", "".join(lines).encode())
    print("".join(lines), end="")


if __name__ == "__main__":
    main()
