// One shift at the support desk: some questions, a few of them asked again in other words, then the digest.
//   node run.mjs [number of questions]
import { answer } from './answer.mjs';
import { digest } from './digest.mjs';

const questions = [
  'Where is my parcel?',
  'How do I change my delivery address?',
  'Where is my parcel?',
  'My vase arrived broken. What do I do now?',
  'How can I change my delivery address?',
  'Please tell me how I change my delivery address.',
  'Can I get an invoice for order 4711?',
  'Can I get an invoice for order 4712?',
  'How do I delete my account?',
];

const asked = questions.slice(0, Number(process.argv[2] ?? questions.length));
for (const question of asked) console.log(`${question}\n  ${await answer(question)}`);
console.log(await digest(asked));
