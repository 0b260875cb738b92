"""Sorts a customer's question into a queue. Standard library only, so that it runs anywhere."""

import json
import os
import sys
import urllib.request

CLASSIFY_PROMPT = """Sort the question of a courier's customer into exactly one queue.
Queues: late (parcel has not come), damaged (parcel or goods are broken), invoice (billing and refunds),
account (login, address, notifications), other.
Answer with the name of the queue and nothing else.

Question: {question}
"""


def classify(question: str) -> str:
    body = {
        "model": "gpt-4o-mini",
        "temperature": 0,
        "max_tokens": 5,
        "messages": [{"role": "user", "content": CLASSIFY_PROMPT.format(question=question)}],
    }
    base_url = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1")
    request = urllib.request.Request(
        f"{base_url}/chat/completions",
        data=json.dumps(body).encode(),
        headers={
            "content-type": "application/json",
            "authorization": f"Bearer {os.environ.get('OPENAI_API_KEY', '')}",
            "x-tollgate-tags": "feature=classify",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["choices"][0]["message"]["content"]


if __name__ == "__main__":
    for line in sys.argv[1:] or ["My parcel has not arrived yet"]:
        print(classify(line))
