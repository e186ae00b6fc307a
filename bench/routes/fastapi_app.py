"""The routes of routes_gateway.cpp that answer by themselves, in FastAPI: uvicorn fastapi_app:app"""
from fastapi import FastAPI
from pydantic import BaseModel


class Answer(BaseModel):
    result: str
    top_k: int


app = FastAPI()


@app.get('/self', response_model=Answer)
async def answer(text: str, top_k: int = 10):
    return Answer(result=text, top_k=top_k)


@app.get('/plain', response_model=Answer)
def answer_plain(text: str, top_k: int = 10):
    return Answer(result=text, top_k=top_k)
