"""A gateway in front of a chat-completions API that asks the evaluator before and after each call. Standard library only.

Usage: guarded_gateway.py EVALUATOR UPSTREAM [PORT]     (the token is in GUARDSPAN_AGENT_TOKEN)
"""
import json
import os
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EVALUATOR, UPSTREAM = sys.argv[1:3]
DEADLINE = 1.0  # seconds that a decision may take
FAIL_OPEN = False  # what happens when the evaluator cannot be asked


def post(url, body, headers, timeout):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=timeout) as response:
        return json.load(response)


def decide(at, body, texts, **more):
    token = os.environ.get("GUARDSPAN_AGENT_TOKEN", "")
    question = {
        "at": at,
        "call": {"service": "gateway", "model": {"name": body["model"]}, "operation": "chat", **more},
        "texts": texts,
        "can": ["deny", "redact", "rewrite", "throttle", "shutdown"],
    }
    headers = {"authorization": "Bearer " + token} if token else {}
    return post(EVALUATOR + "/api/v1/decide", question, headers, DEADLINE)


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        try:
            self.guarded(body)
        except (urllib.error.URLError, TimeoutError) as error:
            self.answer(502, {"error": {"type": "gateway", "message": str(error)}})

    def guarded(self, body):
        messages = body["messages"]
        texts = [
            {"path": str(index), "role": message["role"], "text": message["content"]}
            for index, message in enumerate(messages)
            if isinstance(message.get("content"), str)
        ]
        asked = self.ask("request", body, texts)
        if asked is None:
            return
        for text in asked["texts"]:
            messages[int(text["path"])]["content"] = text["text"]
        reply = post(UPSTREAM + self.path, body, {"authorization": self.headers.get("authorization", "")}, 600)
        answers = [
            {"path": str(index), "role": "assistant", "text": choice["message"]["content"] or ""}
            for index, choice in enumerate(reply["choices"])
        ]
        asked = self.ask("response", body, answers)
        if asked is None:
            return
        for text in asked["texts"]:
            reply["choices"][int(text["path"])]["message"]["content"] = text["text"]
        self.answer(200, reply)

    def ask(self, at, body, texts):
        """The answer of the evaluator; None when the call was ended."""
        try:
            asked = decide(at, body, texts)
        except (urllib.error.URLError, TimeoutError):
            if FAIL_OPEN:
                return {"texts": []}
            self.answer(503, {"error": {"type": "unguarded", "message": "the call could not be judged"}})
            return None
        if asked["allow"]:
            return asked
        end = asked["decision"]["end"]
        headers = {"retry-after": str(int(end["retryAfter"]))} if end["retryAfter"] else {}
        self.answer(end["status"], {"error": {"type": end["kind"], "message": asked["reason"]}}, headers)
        return None

    def answer(self, status, body, headers={}):
        payload = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(payload)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3]) if len(sys.argv) > 3 else 0), Gateway)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
