"""The examples in docker/, as somebody would meet them after `docker compose up`: the seed, then a device."""

import json
import os
import pathlib
import subprocess
import sys
import unittest
import urllib.request

from test_documented_examples import URL, emulator

DOCKER = pathlib.Path(__file__).parents[3] / "docker"
ENVIRONMENT = {**os.environ, "AWS_ENDPOINT_URL": URL, "AWS_ACCESS_KEY_ID": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1"}


def printed(*command):
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def aws(*words):
    return printed("aws", "--endpoint-url", URL, "iot", *words, "--output", "text")


class DockerExamples(unittest.TestCase):
    def test_the_seed_makes_a_fleet_with_two_jobs_and_a_device_runs_them(self):
        emulator("POST", "/reset")
        seed = urllib.request.Request(f"{URL}/_emulator/seed", (DOCKER / "seed" / "pumps.json").read_bytes(), method="POST")
        with urllib.request.urlopen(seed, timeout=60) as answer:
            self.assertEqual(json.load(answer)["calls"], 9)

        self.assertEqual(
            printed(sys.executable, DOCKER / "device.py", "pump-1", "--endpoint", URL),
            [
                "pump-1 runs update-firmware: update",
                "pump-1 reports SUCCEEDED",
                "pump-1 runs keep-configured: configure",
                "pump-1 reports SUCCEEDED",
                "pump-1 has nothing left to do",
            ],
        )
        printed(sys.executable, DOCKER / "device.py", "pump-2", "--endpoint", URL, "--report", "FAILED")
        counters = "job.jobProcessDetails.[numberOfSucceededThings,numberOfFailedThings,numberOfQueuedThings]"
        for job in ("update-firmware", "keep-configured"):
            self.assertEqual(aws("describe-job", "--job-id", job, "--query", counters), ["1\t1\t1"])


if __name__ == "__main__":
    unittest.main()
