"""Writes MiniLM's weights down as an ONNX graph with eight-bit weights: a quarter of the size, three times the speed.

One text at a time and no padding, so that a text's vector never depends on what it is read with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from supportdesk.encoder.graph_shape import HEADS, LAYERS, WIDTH, Floats

NORM_EPSILON = 1e-12
MOST = 127
"""The greatest eight-bit weight; each row of a matrix has its own scale."""


class Graph:
    """The nodes and constants so far."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def add(self, kind: str, given: list[str], result: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, given, [result], domain=domain, **attributes))
        return result

    def embedded(self, ids: str) -> str:
        """Word, place and kind, summed and normalised: (texts, tokens, WIDTH)."""
        words = self.weights["embeddings.word_embeddings.weight"]
        scale = np.abs(words).max(axis=1, keepdims=True) / 127
        self.constant("words", np.round(words / scale).astype(np.int8))
        self.constant("words.scale", scale.astype(np.float32))
        found = self.add("Cast", [self.add("Gather", ["words", ids], "found8")], "found", to=TensorProto.FLOAT)
        scaled = self.add("Mul", [found, self.add("Gather", ["words.scale", ids], "found.scale")], "scaled")
        kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        self.constant("places", self.weights["embeddings.position_embeddings.weight"] + kind)
        self.constant("zero", np.array([0], np.int64))
        self.constant("one", np.array([1], np.int64))
        tokens = self.add("Shape", [ids], "tokens", start=1, end=2)
        placed = self.add("Slice", ["places", "zero", tokens, "zero"], "placed")
        summed = self.add("Add", [scaled, placed], "summed")
        return self.normal(summed, "embeddings.LayerNorm", "hidden.0")

    def normal(self, value: str, name: str, result: str) -> str:
        given = [value, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("LayerNormalization", given, result, axis=-1, epsilon=NORM_EPSILON)

    def linear(self, value: str, name: str, matrix: Floats, bias: Floats) -> str:
        """value @ matrix.T + bias, weights and values both in eight bits: half the time of weights alone."""
        scale = np.maximum(np.abs(matrix).max(axis=1) / MOST, 1e-12)
        self.constant(f"{name}.packed", np.round(matrix / scale[:, None]).astype(np.int8).T)
        self.constant(f"{name}.scale", scale.astype(np.float32))
        self.constant(f"{name}.zero", np.zeros(len(scale), np.int8))
        self.constant(f"{name}.bias", bias)
        parts = [value, *(f"{name}.{each}" for each in ("packed", "scale", "zero", "bias"))]
        return self.add("DynamicQuantizeMatMul", parts, f"{name}.out", "com.microsoft")

    def linear_of(self, value: str, name: str) -> str:
        return self.linear(value, name, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def layer(self, value: str, number: int) -> str:
        at = f"encoder.layer.{number}"
        three = [f"{at}.attention.self.{each}" for each in ("query", "key", "value")]
        matrix = np.concatenate([self.weights[f"{each}.weight"] for each in three])
        bias = np.concatenate([self.weights[f"{each}.bias"] for each in three])
        asked = self.linear(value, f"{at}.asked", matrix, bias)
        parts = [f"{at}.{each}" for each in "qkv"]
        self.nodes.append(helper.make_node("Split", [asked], parts, axis=-1, num_outputs=3))
        seen = self.add("MultiHeadAttention", parts, f"{at}.seen", "com.microsoft", num_heads=HEADS)
        mixed = self.add("Add", [value, self.linear_of(seen, f"{at}.attention.output.dense")], f"{at}.mixed")
        attended = self.normal(mixed, f"{at}.attention.output.LayerNorm", f"{at}.attended")
        wide = self.linear_of(attended, f"{at}.intermediate.dense")
        bent = self.add("Gelu", [wide], f"{at}.bent", "com.microsoft")
        summed = self.add("Add", [attended, self.linear_of(bent, f"{at}.output.dense")], f"{at}.summed")
        return self.normal(summed, f"{at}.output.LayerNorm", f"hidden.{number + 1}")


def written(weights: Mapping[str, Floats]) -> bytes:
    """The file's bytes: token numbers (1, tokens) in, each layer's mean over them (1, LAYERS x WIDTH) out."""
    graph = Graph(weights)
    value = graph.embedded("ids")
    means = []
    for number in range(LAYERS):
        value = graph.layer(value, number)
        means.append(graph.add("ReduceMean", [value, "one"], f"mean.{number + 1}", keepdims=0))
    graph.add("Concat", means, "means", axis=-1)
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "minilm",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("means", TensorProto.FLOAT, [1, LAYERS * WIDTH])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)],
        ir_version=9,
    )
    content: bytes = model.SerializeToString()
    return content
