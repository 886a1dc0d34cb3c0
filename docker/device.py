#!/usr/bin/env python3
"""Plays a device: runs every job that waits for a thing, one after the other, and ends when nothing is left.

    docker/device.py pump-1
    docker/device.py pump-2 --endpoint http://localhost:8080 --report FAILED

Needs nothing but Python. It calls the data plane unsigned, below the path prefix that stands for it.
"""

import argparse
import json
import urllib.parse
import urllib.request


def main():
    options = argparse.ArgumentParser(description="Plays a device that runs its jobs.")
    options.add_argument("thing")
    options.add_argument("--endpoint", default="http://localhost:8080")
    options.add_argument("--report", default="SUCCEEDED", choices=["SUCCEEDED", "FAILED", "REJECTED"])
    asked = options.parse_args()

    jobs = f"{asked.endpoint}/iot-jobs-data/things/{urllib.parse.quote(asked.thing, safe='')}/jobs"
    while execution := call("PUT", f"{jobs}/$next").get("execution"):
        job_id, document = execution["jobId"], json.loads(execution["jobDocument"])
        print(f"{asked.thing} runs {job_id}: {document.get('operation')}")
        done = {"status": asked.report, "statusDetails": {"operation": str(document.get("operation"))}}
        call("POST", f"{jobs}/{job_id}", {**done, "expectedVersion": execution["versionNumber"]})
        print(f"{asked.thing} reports {asked.report}")
    print(f"{asked.thing} has nothing left to do")


def call(method, url, body=None):
    request = urllib.request.Request(url, json.dumps(body or {}).encode(), {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
