"""The routes of routes_gateway.cpp in a custom gateway of Jina: jina gateway --uses RoutesGateway --py-modules jina_gateway.py"""
from fastapi import FastAPI
from jina import Document, DocumentArray
from jina.serve.runtimes.gateway.http.fastapi import FastAPIBaseGateway
from pydantic import BaseModel


class Answer(BaseModel):
    result: str
    top_k: int


class RoutesGateway(FastAPIBaseGateway):
    @property
    def app(self):
        app = FastAPI()

        @app.get('/self', response_model=Answer)
        async def answer(text: str, top_k: int = 10):
            return Answer(result=text, top_k=top_k)

        @app.get('/call', response_model=Answer)
        async def call(text: str, top_k: int = 10):
            result = None
            async for docs in self.streamer.stream_docs(DocumentArray([Document(text=text)]), exec_endpoint='/'):
                result = docs[0].text
            return Answer(result=result, top_k=top_k)

        return app
