"""usage: listen.py LIBRARY URL: prints each line of a stream as it comes.
       listen.py LIBRARY URL TEXT: posts TEXT, prints the response's JSON."""

import json
import sys


def say(line):
    if isinstance(line, str):
        line = line.encode()
    sys.stdout.buffer.write(line.rstrip(b"\r\n") + b"\n")
    sys.stdout.buffer.flush()


def with_requests(url, text):
    import requests

    if text:
        return requests.post(url, json={"text": text}).json()
    response = requests.get(url, stream=True)
    for line in response.iter_lines(decode_unicode=True):
        say(line)


def with_requests_bytes(url, text):
    import requests

    if text:
        body = json.dumps({"text": text}).encode()
        return requests.post(url, data=body).json()
    for line in requests.get(url, stream=True).iter_lines():
        say(line)


def with_urllib3(url, text):
    import urllib3

    http = urllib3.PoolManager(retries=False)
    if text:
        body = json.dumps({"text": text})
        return json.loads(http.request("POST", url, body=body).data)
    response = http.request("GET", url, preload_content=False)
    rest = b""
    for piece in response.stream():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            say(line)


def with_urllib(url, text):
    from urllib.request import urlopen

    if text:
        return json.load(urlopen(url, json.dumps({"text": text}).encode()))
    for line in urlopen(url):
        say(line)


def with_http_client(url, text):
    from http.client import HTTPConnection
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    if text:
        connection.request("POST", parts.path, json.dumps({"text": text}))
        return json.load(connection.getresponse())
    connection.request("GET", f"{parts.path}?{parts.query}")
    response = connection.getresponse()
    while line := response.readline():
        say(line)


def with_httpx(url, text):
    import httpx

    if text:
        return httpx.post(url, json={"text": text}).json()
    with httpx.stream("GET", url, timeout=None) as response:
        for line in response.iter_lines():
            say(line)


def with_aiohttp(url, text):
    import aiohttp
    import asyncio

    async def run():
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            if text:
                async with session.post(url, json={"text": text}) as response:
                    return await response.json()
            async with session.get(url) as response:
                async for line in response.content:
                    say(line)

    return asyncio.run(run())


library, url, *texts = sys.argv[1:]
reply = globals()[f"with_{library}"](url, texts[0] if texts else None)
if reply:
    say(json.dumps(reply))
