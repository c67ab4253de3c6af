export default function Page() {
  return <p>POST a question to /ask.</p>;
}
