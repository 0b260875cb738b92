// Answers a customer's question, from the help centre's rules.
import OpenAI from 'openai';

const client = new OpenAI();

const houseRules = `You are the support assistant of Parcelbird, a courier for small shops.
Answer in at most three sentences, in the language of the question, friendly and concrete.
Never promise a delivery date. If a parcel is more than five days late, say how to open a claim.
If the question is not about parcels, invoices or accounts, say that you cannot help with it.`;

/** @param {string} question */
export async function answer(question) {
  const response = await client.chat.completions.create(
    {
      model: 'gpt-4o',
      temperature: 0,
      max_tokens: 300,
      messages: [
        { role: 'system', content: houseRules },
        { role: 'user', content: question },
      ],
    },
    { headers: { 'x-tollgate-tags': 'feature=answer' } },
  );
  return response.choices[0].message.content;
}
