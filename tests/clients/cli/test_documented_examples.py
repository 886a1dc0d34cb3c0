"""Types every command of documented-examples.txt into a shell, and compares what the AWS CLI prints.

The shell differs from a user's in one point only: `aws` has the endpoint of the emulator (as an alias would give it).
Works with version 1 of the CLI (times are numbers, a refused call exits with 255) and version 2 (ISO times, 254).
"""

import datetime
import json
import os
import pathlib
import re
import subprocess
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).parent
URL = os.environ.get("EMULATOR_URL", "http://127.0.0.1:8080").rstrip("/")
HOST = URL.split("//")[1].split(":")[0]


def emulator(method, path, body=None):
    data = json.dumps(body or {}).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{URL}/_emulator{path}", data, headers, method=method), timeout=60):
        pass


def set_clock(frozen):
    emulator("PUT", "/clock", {"now": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "frozen": frozen})


def run(command):
    environment = {**os.environ, "AWS_DEFAULT_REGION": "us-west-2", "AWS_REGION": "us-west-2", "AWS_PAGER": "", "AWS_DEFAULT_OUTPUT": "json"}
    shell = f'aws() {{ command aws --endpoint-url {URL} "$@"; }}\n{command}'
    return subprocess.run(["bash", "-c", shell], cwd=HERE, env=environment, capture_output=True, text=True, timeout=120)


def is_recent(value):
    if isinstance(value, str):
        moment = datetime.datetime.fromisoformat(value)
        value = moment.timestamp()
    return abs(value - time.time()) < 86400


STANDS_FOR = {
    "<time>": is_recent,
    "<uuid>": lambda value: bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value)),
    "<host>": lambda value: value == HOST,
}


def agrees(expected, actual):
    """Equal, but for the order of lists and the values that a placeholder stands for."""
    if isinstance(expected, str) and expected in STANDS_FOR:
        return STANDS_FOR[expected](actual)
    if isinstance(expected, dict):
        return isinstance(actual, dict) and expected.keys() == actual.keys() and all(agrees(expected[k], actual[k]) for k in expected)
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(expected) != len(actual):
            return False
        rest = list(actual)
        for item in expected:
            found = next((i for i, candidate in enumerate(rest) if agrees(item, candidate)), None)
            if found is None:
                return False
            del rest[found]
        return True
    return type(expected) is type(actual) and expected == actual


class Step:
    """What is typed (`$`) or what passes (`*`), and what is to be answered: a text (maybe empty), or an error (`!`)."""

    def __init__(self, line, kind, text):
        self.line, self.kind, self.text = line, kind, text
        self.answer, self.error = "", None

    @property
    def name(self):
        words = self.text.replace("\\\n", " ").split()
        return f"test_line_{self.line:03}_" + "_".join(words[1:3] if self.kind == "$" else words).replace("-", "_")


def steps(text):
    found = []
    continues = False
    for number, line in enumerate(text.splitlines(), 1):
        if continues:
            found[-1].text += "\n" + line
        elif line[:2] in ("$ ", "* "):
            found.append(Step(number, line[0], line[2:]))
        elif line.startswith("! "):
            found[-1].error = line[2:]
        elif line and not line.startswith("#"):
            found[-1].answer += line + "\n"
        continues = bool(found) and found[-1].kind == "$" and not found[-1].answer and line.endswith("\\")
    return found


class DocumentedExamples(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        emulator("POST", "/reset")  # the examples have names of their own, and the account 123456789012
        set_clock(frozen=True)

    @classmethod
    def tearDownClass(cls):
        set_clock(frozen=False)

    def check(self, step):
        if step.kind == "*":
            emulator("POST", "/clock/advance", {"by": step.text.split()[0]})
            return
        done = run(step.text)
        if step.error:
            code, operation = re.fullmatch(r"(\w+) \((\w+)\)", step.error).groups()
            # Version 2 adds how often it has tried, as it is told not to try again.
            said = rf"^An error occurred \({code}\) when calling the {operation} operation( \(reached max retries: 0\))?: \S"
            self.assertRegex(done.stderr.lstrip(), said)
            self.assertIn(done.returncode, (254, 255))
            self.assertEqual(done.stdout, "")
            return
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        if not step.answer:
            self.assertEqual(done.stdout, "")
        elif not agrees(json.loads(step.answer), json.loads(done.stdout)):
            self.assertEqual(json.loads(step.answer), json.loads(done.stdout))


for step in steps((HERE / "documented-examples.txt").read_text(encoding="utf-8")):
    setattr(DocumentedExamples, step.name, lambda self, step=step: self.check(step))


if __name__ == "__main__":
    unittest.main()
