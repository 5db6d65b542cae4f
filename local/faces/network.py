"""dlib's face network, run by numpy: the same weights, the same numbers, a seventh of the time.

dlib's wheel multiplies without a BLAS library, numpy with one. The network is the 29 convolutions
of `dnn_face_recognition_ex.cpp`, published with dlib; pictures are of shape (rows, columns,
channels) on their way through it.
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from local.faces.errors import UnknownWeights
from local.faces.face import Vector

CHIP_SIDE: Final = 150
"""Pixels; the network takes a face cut out upright, so many pixels square."""

Layer: TypeAlias = NDArray[np.float32]
"""What one layer gives to the next, shape (rows, columns, channels)."""

_CHANNEL_MEANS: Final = np.array([122.782, 117.001, 104.298], np.float32)
"""Of the pictures it was trained on: red, green, blue."""

_BLOCKS: Final = (*3 * [(32, 1)], (64, 2), *3 * [(64, 1)], (128, 2), *2 * [(128, 1)],
                  (256, 2), *2 * [(256, 1)], (256, 2))  # fmt: skip
"""Channels and stride of each residual block, from the picture on."""

_FIRST: Final = 32
"""Channels of the convolution before the blocks."""


class Convolution(NamedTuple):
    """A square convolution: `weights` of shape (side * side * channels in, channels out)."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    side: int

    def over(self, layer: Layer, stride: int, padding: int = 0) -> Layer:
        """The layer it makes of this one, with so many zeros put round it."""
        framed = _framed(layer, padding) if padding else layer
        windows = np.lib.stride_tricks.sliding_window_view(framed, (self.side, self.side), (0, 1))
        chosen = windows[::stride, ::stride].transpose(0, 1, 3, 4, 2)
        rows, columns = chosen.shape[:2]
        product = chosen.reshape(rows * columns, -1) @ self.weights
        product += self.bias
        return product.reshape(rows, columns, -1)


class Network:
    """The loaded weights: 22 MB."""

    def __init__(self, file: Path) -> None:
        """Read dlib's own file. Raises UnknownWeights when it is another network's."""
        content = file.read_bytes()
        try:
            self._convolutions = list(_convolutions(content))
            self._last = _last(content)
        except (ValueError, IndexError):
            raise UnknownWeights(f"{file.name} is not dlib's face network") from None

    def vector(self, chip: NDArray[np.uint8]) -> Vector:
        """The 128 numbers of a face cut out upright, shape (150, 150, 3), RGB."""
        first, *others = self._convolutions
        pixels = (chip - _CHANNEL_MEANS) / np.float32(256)
        layer = _largest_of_3(_positive(first.over(pixels, 2)))
        pairs = zip(others[::2], others[1::2], strict=True)
        for (one, other), (_, stride) in zip(pairs, _BLOCKS, strict=True):
            inner = _positive(one.over(layer, stride, padding=2 - stride))
            layer = _positive(_sum(other.over(inner, 1, padding=1), _reduced(layer, stride)))
        return np.asarray(layer.mean(axis=(0, 1)) @ self._last, np.float32)


# --- between the convolutions -------------------------------------------------


def _framed(layer: Layer, padding: int) -> Layer:
    """With zeros round it; `np.pad` takes four times as long."""
    rows, columns, channels = layer.shape
    framed = np.zeros((rows + 2 * padding, columns + 2 * padding, channels), np.float32)
    framed[padding:-padding, padding:-padding] = layer
    return framed


def _positive(layer: Layer) -> Layer:
    return np.maximum(layer, 0, out=layer)


def _largest_of_3(layer: Layer) -> Layer:
    """The largest of every 3 by 3, each second one."""
    largest, *others = _shifted(layer, 3)
    for other in others:
        largest = np.maximum(largest, other)
    return largest


def _reduced(layer: Layer, stride: int) -> Layer:
    """The mean of each `stride` by `stride`."""
    if stride == 1:
        return layer
    parts = _shifted(layer, stride)
    return np.asarray(sum(parts[1:], parts[0]) / np.float32(stride**2), np.float32)


def _shifted(layer: Layer, side: int) -> list[Layer]:
    """Each second place of the layer, for every shift within a window of that side."""
    rows, columns = ((length - side) // 2 * 2 + 1 for length in layer.shape[:2])
    return [
        layer[down : down + rows : 2, right : right + columns : 2]
        for down in range(side)
        for right in range(side)
    ]


def _sum(one: Layer, other: Layer) -> Layer:
    """Both added; where one is smaller, zeros stand in for it, as dlib has it."""
    if one.shape == other.shape:
        return one + other
    total = np.zeros(np.maximum(one.shape, other.shape), np.float32)
    for each in (one, other):
        rows, columns, channels = each.shape
        total[:rows, :columns, :channels] += each
    return total


# --- dlib's file --------------------------------------------------------------


def _convolutions(content: bytes) -> Iterator[Convolution]:
    """Each convolution, with the scaling that follows it worked into its weights."""
    filters = [_tensor(content, found.end()) for found in re.finditer(b"\x01\x05con_4", content)]
    scalings = [_tensor(content, found.end()) for found in re.finditer(b"\x01\x07affine_", content)]
    shapes = [(_FIRST, 7), *((channels, 3) for channels, _ in _BLOCKS for _ in range(2))]
    channels_in = 3
    for numbers, scaling, (channels, side) in zip(filters, scalings, shapes, strict=True):
        factor, offset = scaling.reshape(2, channels)
        weights = numbers[:-channels].reshape(channels, channels_in, side, side)
        flat = weights.transpose(2, 3, 1, 0).reshape(-1, channels)
        yield Convolution(flat * factor, numbers[-channels:] * factor + offset, side)
        channels_in = channels


def _last(content: bytes) -> NDArray[np.float32]:
    """The matrix from 256 channels to the 128 numbers."""
    _, at = _integer(content, content.index(b"\x01\x04fc_2") + 6)
    _, at = _integer(content, at)
    return _tensor(content, at).reshape(256, 128)


def _tensor(content: bytes, at: int) -> NDArray[np.float32]:
    """All numbers of the tensor that begins there: a version, four lengths, then the numbers."""
    lengths = []
    for _ in range(5):
        length, at = _integer(content, at)
        lengths.append(length)
    return np.frombuffer(content, "<f4", math.prod(lengths[1:]), at).astype(np.float32)


def _integer(content: bytes, at: int) -> tuple[int, int]:
    """dlib's packed integer, and where the next thing begins: a count of bytes, then the bytes."""
    end = at + 1 + content[at]
    return int.from_bytes(content[at + 1 : end], "little"), end
