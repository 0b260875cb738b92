from openai import OpenAI

client = OpenAI()


def summarise(text: str) -> str:
    response = client.chat.completions.create(
        model="gpt-4o",  # the price stands above this line
        max_tokens=200,
        messages=[
            {"role": "system", "content": "You summarise reports for busy people. Use three short sentences. Name every number that the report gives, and never add one of your own. Leave out what the reader knows already."},
            {"role": "user", "content": f"Summarise this report in plain words for a reader who has never heard of the company before, and keep all its figures as they stand in it:\n\n{text}"},
        ],
    )
    return response.choices[0].message.content


def title(text: str) -> str:
    response = client.chat.completions.create(model="gpt-4o-mini", max_tokens=20, messages=[{"role": "user", "content": text}])
    return response.choices[0].message.content
